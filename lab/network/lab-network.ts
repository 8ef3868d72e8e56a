import {
  buildHosts,
  listAddresses,
  listLeafAddresses,
  type Mix,
  USUAL_MIX,
} from '../truth/build-hosts.ts';
import { applyChange, type LabChange } from '../truth/change.ts';
import type { TrueHost, Truth } from '../truth/truth.ts';
import { type Counters, readPathCounters } from './counters.ts';
import { nameNetwork, removeLeftOvers, removeNetwork } from './namespaces.ts';
import { createPathControl, type PathControl } from './path-control.ts';
import { renderPathTable } from './path-rules.ts';
import { createRealm, type Realm, runNft } from './realm.ts';
import { buildTopology, type Places, placesOf } from './topology.ts';

export interface LabNetworkPlan {
  /** The third numbers of the routed /24 subnets 10.77.n.0, each with 32 addresses; 1 and 2 when absent. */
  readonly subnets?: readonly number[];
  /** Hosts of each kind in each subnet; 26 of all kinds when absent. */
  readonly mix?: Mix;
  /** Hosts on the scanner's own segment, with a MAC of their own; none when absent. */
  readonly leaves?: number;
  readonly seed?: number;
  /** A name from `nameNetwork` whose near namespace exists already: see `inside.ts`. */
  readonly name?: string;
}

/** A network of the lab: hosts behind a path that can be made bad, and the truth about them. */
export interface LabNetwork extends Omit<PathControl, 'close'> {
  /** The namespace in which a scanner has to run: `ip netns exec NEAR …`. */
  readonly near: string;
  /** All that a scan asks, whether or not a host is there. */
  readonly addresses: readonly string[];
  /** The routed subnets, in CIDR. */
  readonly subnets: readonly string[];
  /** Some hosts are on the scanner's own segment, where their MAC addresses can be seen. */
  readonly hasOwnSegment: boolean;
  readonly truth: () => Truth;
  /** Makes changes come true, all in one step. Rejects with ImpossibleChange, and then none has. */
  readonly apply: (...changes: readonly LabChange[]) => Promise<void>;
  /** Packets since they were last reset. */
  readonly readCounters: (options?: { reset: boolean }) => Promise<Counters>;
  /** Removes all of it. */
  readonly close: () => Promise<void>;
}

/** Makes a network, after removing what killed runs left behind. Rejects with CommandFailed. */
export async function createLabNetwork(plan: LabNetworkPlan = {}): Promise<LabNetwork> {
  const { subnets = [1, 2], mix = USUAL_MIX, leaves = 0, seed = 1, name = nameNetwork() } = plan;
  const hosts = buildHosts({ subnets, mix, leaves, seed });
  const places = placesOf(
    name,
    [...hosts.values()].flatMap(({ leaf }) => leaf ?? []),
  );
  // The near namespace of another's making is not ours to remove; its links end with the far one.
  const remove = () => removeNetwork(name, plan.name === undefined ? undefined : places.near);
  await removeLeftOvers();
  try {
    await buildPlaces(places, hosts, plan.name !== undefined);
    const world = await createWorld(places, hosts);
    return {
      near: places.near,
      addresses: [...listAddresses(subnets), ...listLeafAddresses(leaves)],
      subnets: subnets.map((subnet) => `10.77.${subnet}.0/24`),
      hasOwnSegment: leaves > 0,
      readCounters: ({ reset } = { reset: false }) => readPathCounters(places.far, reset),
      ...world,
      close: async () => {
        await world.close();
        await remove();
      },
    };
  } catch (error) {
    await remove();
    throw error;
  }
}

async function buildPlaces(places: Places, hosts: Truth, nearExists: boolean): Promise<void> {
  const macs = new Map([...hosts.values()].flatMap(macOf));
  await buildTopology(places, { macs, nearExists });
  await runNft(places.far, renderPathTable());
}

function macOf({ leaf }: TrueHost): [string, string][] {
  return leaf ? [[leaf.name, leaf.mac]] : [];
}

/** The hosts and the path to them, once their namespaces are there. */
async function createWorld({ far, leaves }: Places, hosts: Truth) {
  const realms: Realm[] = await Promise.all([
    createRealm(far),
    ...[...leaves].map(([leaf, namespace]) => createRealm(namespace, leaf)),
  ]);
  const follow = async (truth: Truth) => {
    await Promise.all(realms.map((realm) => realm.follow(truth)));
  };
  await follow(hosts);
  const path = createPathControl(far);
  let truth = hosts;
  return {
    ...path,
    truth: () => truth,
    apply: async (...changes: readonly LabChange[]) => {
      const after = changes.reduce(applyChange, truth);
      await follow(after);
      truth = after;
    },
    close: async () => {
      await path.close();
      await Promise.all(realms.map((realm) => realm.close()));
    },
  };
}
