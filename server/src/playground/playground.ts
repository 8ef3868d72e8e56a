import { applyChange, type Change, decideChange, describeChange } from './change.ts';
import { openControl } from './control.ts';
import { createListeners, type Listeners } from './listeners.ts';
import { readMarker, removeMarker, writeMarker } from './marker.ts';
import {
  buildNetwork,
  type Network,
  PLAYGROUND_PREFIX,
  playgroundTargets,
  type SlotPorts,
} from './network.ts';
import { choosePorts } from './ports.ts';
import { createRandom } from './random.ts';

export interface PlaygroundSettings {
  readonly dataDir: string;
  /** Other addresses than 127.0.1.x, so that tests do not meet. */
  readonly prefix?: string;
  /** The same seed gives the same changes in the same order. */
  readonly seed: number;
  /** Told of every change, after it happened. */
  readonly onChange: (sentence: string) => void;
}

/** A practice network that runs. */
export interface Playground {
  readonly targets: string;
  readonly network: () => Network;
  /** Changes one thing; resolves with what it was. Changes never overlap. */
  readonly change: () => Promise<string>;
  readonly stop: () => Promise<void>;
}

/** Why a playground cannot be had here, in words for a person. */
export class PlaygroundRefused extends Error {
  override readonly name = 'PlaygroundRefused';
}

/** Starts the practice network, all of it or nothing; throws PlaygroundRefused when that is not possible. */
export async function startPlayground(settings: PlaygroundSettings): Promise<Playground> {
  await refuseSecond(settings.dataDir);
  const prefix = settings.prefix ?? PLAYGROUND_PREFIX;
  const ports = await choosePorts(`${prefix}.1`);
  const network = buildNetwork(ports, prefix);
  const listeners = createListeners();
  try {
    await Promise.all([...network.values()].map(listeners.open));
  } catch (error) {
    await listeners.closeAll();
    throw explain(error);
  }
  return run(settings, { ports, network, listeners, targets: playgroundTargets(prefix) });
}

async function refuseSecond(dataDir: string): Promise<void> {
  const other = await readMarker(dataDir);
  if (other)
    throw new PlaygroundRefused(
      `A playground runs already, as process ${other.pid} since ${other.since}. Stop it first, or change it with --once.`,
    );
}

interface Parts {
  readonly ports: SlotPorts;
  readonly network: Network;
  readonly listeners: Listeners;
  readonly targets: string;
}

async function run(settings: PlaygroundSettings, parts: Parts): Promise<Playground> {
  const { dataDir, onChange } = settings;
  const { ports, listeners, targets } = parts;
  const random = createRandom(settings.seed);
  let network = parts.network;
  let last: Promise<unknown> = Promise.resolve();
  const changeNow = async () => {
    const change = decideChange(network, ports, random);
    await perform(change, listeners);
    network = applyChange(network, change);
    const sentence = describeChange(change);
    onChange(sentence);
    return sentence;
  };
  const change = () => {
    const next = last.then(changeNow);
    last = next.catch(() => undefined);
    return next;
  };
  const control = await openControl(change);
  const since = new Date().toISOString();
  await writeMarker(dataDir, {
    pid: process.pid,
    targets,
    since,
    control: control.port,
  });
  const stop = async () => {
    await removeMarker(dataDir);
    await control.close();
    await last;
    await listeners.closeAll();
  };
  return { targets, network: () => network, change, stop };
}

async function perform(change: Change, listeners: Listeners): Promise<void> {
  if (change.kind === 'close') return listeners.close(change.before);
  if (change.kind === 'version') return listeners.replace(change.after);
  await listeners.open(change.after).catch((error) => {
    throw explain(error);
  });
}

function explain(error: unknown): PlaygroundRefused {
  const { code, address, port } = error as NodeJS.ErrnoException & {
    address?: string;
    port?: number;
  };
  const place = `${address} port ${port}`;
  const reasons: Record<string, string> = {
    EADDRINUSE: `${place} is taken. Another playground, or a server on all addresses, listens there; stop it first.`,
    EADDRNOTAVAIL: `${address} is not an address of this machine. On macOS, add the addresses first: for n in $(seq 1 20); do sudo ifconfig lo0 alias 127.0.1.$n; done`,
    EACCES: `This user may not listen on ${place}.`,
  };
  return new PlaygroundRefused(reasons[code ?? ''] ?? `${place}: ${String(error)}`, {
    cause: error,
  });
}
