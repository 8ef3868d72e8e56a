import type { TrueHost, Truth } from '../truth/truth.ts';
import { renderElementChanges, renderHostTable } from './host-rules.ts';
import { type Listeners, startListeners } from './listeners.ts';
import { runCommand } from './run-command.ts';
import { batch } from './topology.ts';

/** One namespace with hosts in it: the far one has all routed hosts, a leaf has one. */
export interface Realm {
  /** Makes the namespace tell this truth, in one step; what is of other realms is not looked at. */
  readonly follow: (truth: Truth) => Promise<void>;
  readonly close: () => Promise<void>;
}

/** `leaf` is the leaf's name; absent for the realm of all routed hosts. */
export async function createRealm(namespace: string, leaf?: string): Promise<Realm> {
  await runNft(namespace, renderHostTable());
  const listeners: Listeners = startListeners(namespace);
  let told: Truth = new Map();
  return {
    follow: async (truth) => {
      const own: Truth = new Map([...truth].filter(([, host]) => host.leaf?.name === leaf));
      // Who listens and greets comes first: the rules then open what is ready.
      await listeners.follow(own);
      const lines = renderElementChanges(told, own);
      if (lines !== '') await runNft(namespace, lines);
      if (leaf !== undefined)
        await batch(linkLines([...told.values()][0], [...own.values()][0]), namespace);
      told = own;
    },
    close: () => listeners.close(),
  };
}

/** Runs text of nft in a namespace: all of it or nothing. */
export async function runNft(namespace: string, input: string): Promise<void> {
  await runCommand(['ip', 'netns', 'exec', namespace, 'nft', '-f', '-'], { input });
}

/** A leaf that is gone must not answer ARP either, so its link is down; its MAC stays wherever it moves. */
function linkLines(before: TrueHost | undefined, now: TrueHost | undefined): string[] {
  if (!now) return [];
  const moved = before?.address !== now.address;
  return [
    // In this order: with the first address of a segment the kernel drops the others as well.
    ...(moved && before ? [`addr del ${before.address}/24 dev eth0`] : []),
    ...(moved ? [`addr add ${now.address}/24 dev eth0`] : []),
    ...(before?.up === now.up ? [] : [`link set dev eth0 ${now.up ? 'up' : 'down'}`]),
  ];
}
