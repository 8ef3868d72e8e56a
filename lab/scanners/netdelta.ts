import type { Delta } from '../../core/src/delta/delta.ts';
import type { Sentinel } from '../../core/src/evidence/sentinel.ts';
import type { HostBelief } from '../../core/src/host/belief.ts';
import { decideGroup } from '../../core/src/host/decide-group.ts';
import { decideSight } from '../../core/src/host/decide-sight.ts';
import type { GroupLook } from '../../core/src/host/relocate-hosts.ts';
import type { Verdict } from '../../core/src/host/verdict.ts';
import { discoveryWay } from '../../core/src/profile/discovery-way.ts';
import { type ScanOptions, scanOptions } from '../../core/src/profile/options.ts';
import { cutShards } from '../../core/src/target/cut-shards.ts';
import { chooseEngine } from '../../server/src/engines/choose.ts';
import { createEngines } from '../../server/src/engines/create-engines.ts';
import type { Engine } from '../../server/src/engines/engine.ts';
import { lookAtShard } from '../../server/src/scans/look/look.ts';
import type { LabNetwork } from '../network/lab-network.ts';
import type { Reported } from '../score/reported.ts';
import type { CreateScanner, ScanReport } from './scanner.ts';

const PORTS = 100;
const BY_EVIDENCE = { downAfter: 'evidence', serviceDownAfter: 'evidence' } as const;

/** A group of NetDelta, kept in memory instead of in a database. */
interface Group {
  readonly network: LabNetwork;
  readonly options: ScanOptions;
  beliefs: ReadonlyMap<string, HostBelief>;
  displaced: readonly HostBelief[];
  number: number;
}

/** NetDelta as it scans a group, with its engines, prober and decisions; only the database is left out. */
export function createNetDelta(engine: ScanOptions['engine']): CreateScanner {
  return async (network, { versions }) => {
    const options = scanOptions.parse({
      engine,
      tcp: { kind: 'top', count: PORTS },
      serviceDetection: versions,
      reverseDns: false,
    });
    const group: Group = { network, options, beliefs: new Map(), displaced: [], number: 0 };
    return {
      name: engine === 'auto' ? 'netdelta' : `netdelta:${engine}`,
      scan: () => scanGroup(group),
      close: async () => undefined,
    };
  };
}

async function scanGroup(group: Group): Promise<ScanReport> {
  const started = performance.now();
  const { engines, prober } = createEngines();
  const { engine, ability } = await chooseEngine(engines, group.options);
  if (!engine || !ability) throw new Error('no engine can scan the lab');
  group.number += 1;
  let sentBySweep = 0;
  const counting: Engine = {
    ...engine,
    run: async (request) => {
      const result = await engine.run(request);
      sentBySweep = (await group.network.readCounters()).sent;
      return result;
    },
  };
  const looks: GroupLook[] = [];
  for (const [seed, addresses] of cutShards(group.network.addresses).entries()) {
    const { sight } = await lookAtShard(
      { engine: counting, prober },
      {
        addresses,
        options: group.options,
        known: pick(group.beliefs, addresses),
        sentinels: listSentinels(group.beliefs, addresses),
        signal: new AbortController().signal,
        seed: group.number + seed,
        onProgress: () => undefined,
      },
    );
    const now = { scanId: `scan-${group.number}`, at: new Date().toISOString() };
    const way = discoveryWay(group.options, ability);
    const { number } = group;
    looks.push({ sight, frame: { way, first: number === 1, number, now } });
  }
  const deltas = group.network.hasOwnSegment ? judgeByMac(group, looks) : judge(group, looks);
  const reported = deltas.flatMap((delta) => report(delta, group.network));
  return { reported, seconds: (performance.now() - started) / 1000, sentBySweep };
}

/** As a group in which a host is its address: shard by shard. */
function judge(group: Group, looks: readonly GroupLook[]): readonly Delta[] {
  return looks.flatMap((look) => {
    const decision = decideSight({ ...look, beliefs: group.beliefs, rulesOf: () => BY_EVIDENCE });
    believe(group, decision.verdicts);
    return decision.deltas;
  });
}

/** As a group in which a host is its MAC address: all shards together. */
function judgeByMac(group: Group, looks: readonly GroupLook[]): readonly Delta[] {
  const { beliefs, displaced } = group;
  const decision = decideGroup({
    ...{ by: 'mac', looks, beliefs, displaced, renamed: new Set(), complete: true },
    rulesOf: () => BY_EVIDENCE,
  });
  believe(group, [...decision.looks.flatMap(({ verdicts }) => verdicts), ...decision.emptied]);
  group.displaced = decision.displaced.map(({ belief }) => belief);
  return [...decision.looks.flatMap(({ deltas }) => deltas), ...decision.deltas];
}

function believe(group: Group, verdicts: readonly Verdict[]): void {
  const news = verdicts.map(({ decision: { belief } }) => [belief.address, belief] as const);
  group.beliefs = new Map([...group.beliefs, ...news]);
}

function pick(beliefs: Group['beliefs'], addresses: readonly string[]): Map<string, HostBelief> {
  return new Map(
    addresses.flatMap((address) => {
      const belief = beliefs.get(address);
      return belief ? [[address, belief] as const] : [];
    }),
  );
}

const SENTINELS = 4;

function listSentinels(beliefs: Group['beliefs'], addresses: readonly string[]): Sentinel[] {
  const own = new Set(addresses);
  return [...beliefs.values()]
    .filter(
      ({ address, status, contacts }) =>
        !own.has(address) && status === 'UP' && contacts.length > 0,
    )
    .slice(0, SENTINELS);
}

/** A delta in the words of the lab. */
function report(delta: Delta, network: LabNetwork): Reported[] {
  const { subject } = delta;
  switch (delta.kind) {
    case 'host.new':
    case 'host.returned':
      return [{ kind: 'appeared', address: delta.subject.address }];
    case 'host.down':
      return [{ kind: 'gone', address: delta.subject.address }];
    case 'host.answersEverything':
      return [{ kind: 'answersEverything', address: delta.subject.address }];
    case 'service.opened':
      return [{ kind: 'appeared', ...delta.subject }];
    case 'service.closed':
    case 'service.filtered':
      return [{ kind: 'gone', ...delta.subject }];
    case 'service.changed':
      return [{ kind: 'changed', ...delta.subject }];
    case 'service.flapping':
      return [{ kind: delta.after?.flapping ? 'flapping' : 'steady', ...delta.subject }];
    case 'host.flapping':
      return [{ kind: delta.after?.flapping ? 'flapping' : 'steady', ...delta.subject }];
    case 'subnet.down':
      return [{ kind: 'subnetDown', address: wholeSubnet(delta.subject.target, network) }];
    case 'subnet.returned':
      return (delta.after?.addresses ?? []).map((address) => ({ kind: 'appeared', address }));
    case 'host.moved':
      return [{ kind: 'moved', address: delta.subject.address }];
    case 'scanner.blind':
      return [{ kind: 'blind', address: '' }];
    default:
      throw new Error(`the lab has no word for ${delta.kind} of ${JSON.stringify(subject)}`);
  }
}

/** The lab takes out whole subnets; what is told is the smallest prefix that holds all their hosts. */
function wholeSubnet(prefix: string, { subnets }: LabNetwork): string {
  const start = prefix.replace(/\d+\/\d+$/, '');
  return subnets.find((subnet) => subnet.startsWith(start)) ?? prefix;
}
