import { createRandom, pick } from '../../server/src/playground/random.ts';
import {
  type Doses,
  type InjectionState,
  planChanges,
  USUAL_DOSES,
} from '../injection/plan-changes.ts';
import type { LabNetwork } from '../network/lab-network.ts';
import type { Outage } from '../network/path-rules.ts';
import { type Expected, expectOf } from '../score/expected.ts';
import type { LabChange } from '../truth/change.ts';
import { listOpen, listUp, type TrueHost } from '../truth/truth.ts';
import type { Scenario, Stage, Steps } from './scenario.ts';

const nothing = async () => [];

const unchanged: Scenario = {
  comparisons: (wanted) => wanted,
  leaves: 0,
  begin: () => nothing,
};

/** After the last changes one scan without any follows, in which they may still be told. */
const changes: Scenario = {
  comparisons: (wanted) => wanted + 1,
  leaves: 0,
  begin: (stage) => inject(stage, { ...USUAL_DOSES, ...(stage.versions ? { version: 1 } : {}) }),
};

/** One host of the own segment gets another address before each scan but the last. */
const moved: Scenario = {
  comparisons: (wanted) => wanted + 1,
  leaves: 4,
  begin: (stage) => inject(stage, { moved: 1 }),
};

function inject({ network, seed, comparisons }: Stage, doses: Doses): Steps {
  const random = createRandom(seed);
  let state: InjectionState = { truth: network.truth(), recent: [] };
  return async (n) => {
    if (n === comparisons - 1) return [];
    const { addresses } = network;
    const { changes: chosen, after } = planChanges(state, { addresses, doses, random });
    const expected = chosen.flatMap((change) => expectOf(state.truth, change));
    await network.apply(...chosen);
    state = after;
    return expected;
  };
}

/** The scanner's own link for one scan, then a whole subnet for two; what comes back may be told. */
const outages: Scenario = {
  comparisons: () => 7,
  leaves: 0,
  begin: ({ network }) => {
    const [, subnet = ''] = network.subnets;
    const times: Readonly<Record<number, { outage: Outage; expected: readonly Expected[] }>> = {
      1: { outage: 'scanner', expected: [{ kind: 'blind', address: '' }] },
      2: { outage: 'none', expected: [] },
      4: { outage: { subnet }, expected: [{ kind: 'subnetDown', address: subnet }] },
      6: { outage: 'none', expected: listReturning(network, subnet) },
    };
    return async (n) => {
      const time = times[n];
      if (time) await network.setOutage(time.outage);
      return time?.expected ?? [];
    };
  },
};

function listReturning(network: LabNetwork, subnet: string): Expected[] {
  const prefix = subnet.replace(/\d+\/\d+$/, '');
  return listUp(network.truth())
    .filter(({ address }) => address.startsWith(prefix))
    .map(({ address }) => ({ kind: 'appeared', address, optional: true }));
}

/** One host answers on every port from the second compared scan on. */
const tarpit: Scenario = {
  comparisons: (wanted) => Math.max(3, wanted),
  leaves: 0,
  begin: ({ network, seed }) => {
    const random = createRandom(seed);
    return async (n) => {
      if (n !== 1) return [];
      const host = pickOf(network, ({ kind }) => kind === 'rejecting', random);
      return happen(network, { kind: 'turned', address: host.address, into: 'tarpit' });
    };
  },
};

const QUIET_SCANS = 25;

/** One service opens and closes before each scan, then rests for 25: told when it starts and when it ends. */
const flapping: Scenario = {
  comparisons: (wanted) => wanted + QUIET_SCANS,
  leaves: 0,
  begin: ({ network, seed, comparisons }) => {
    const random = createRandom(seed);
    const { address, services } = pickOf(
      network,
      (host) => host.kind === 'rejecting' && listOpen(host).length > 1,
      random,
    );
    const port = pick([...services.keys()], random) ?? 0;
    const where = { address, protocol: 'tcp', port } as const;
    return async (n) => {
      const told = n === 0 ? [{ kind: 'flapping', ...where } as const] : [];
      const last = comparisons - QUIET_SCANS;
      if (n >= last) return n === last ? [{ kind: 'steady', ...where }] : [];
      const open = network.truth().get(address)?.services.has(port);
      const toggled = await happen(
        network,
        open
          ? { kind: 'closed', address, port, into: 'refusal' }
          : { kind: 'opened', address, port, speech: null },
      );
      // Until it is known to flap, each change may be told.
      return [...told, ...toggled.map((one) => ({ ...one, optional: true as const }))];
    };
  },
};

async function happen(network: LabNetwork, change: LabChange): Promise<Expected[]> {
  const expected = expectOf(network.truth(), change);
  await network.apply(change);
  return expected;
}

function pickOf(
  network: LabNetwork,
  fits: (host: TrueHost) => boolean,
  random: () => number,
): TrueHost {
  const host = pick(listUp(network.truth()).filter(fits), random);
  if (!host) throw new Error('a network of the lab without a host of the kind that is needed');
  return host;
}

/** By the name that `--scenario` takes. */
export const SCENARIOS = { unchanged, changes, outages, tarpit, flapping, moved } as const;
export type ScenarioName = keyof typeof SCENARIOS;
