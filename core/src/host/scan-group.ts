import type { Delta } from '../delta/delta.ts';
import type { HostObservation } from '../snapshot/snapshot.ts';
import type { HostBelief } from './belief.ts';
import { buildOpen, buildSeen, buildUnanswered } from './build-observation.ts';
import { decideGroup, type GroupDecision } from './decide-group.ts';
import type { Sight } from './decide-sight.ts';
import type { MovingIdentity } from './identity.ts';
import type { DownAfter } from './silence-rule.ts';

/** Test data: what is believed of a group, by address, and of hosts without one. */
export interface Believed {
  readonly beliefs: ReadonlyMap<string, HostBelief>;
  readonly displaced: readonly HostBelief[];
}

export const NOTHING: Believed = { beliefs: new Map(), displaced: [] };
export const PORTS = [22, 80, 443, 8080];

/** Test data: a host that is up: its address, then who it is, then its open ports. */
export function up(address: string, who: string, ports: readonly number[] = [22]): HostObservation {
  const mac = who && `02:00:00:00:00:${who.charCodeAt(0).toString(16)}`;
  const endpoints = ports.map((port) => buildOpen(port));
  return buildSeen(endpoints, { address, covered: PORTS, ...(who && { mac, names: [who] }) });
}
/** Test data: nobody answers there. */
export const silent = (address: string) => buildUnanswered({ address });

/** Test data: a scan of a group, and what it saw. */
export interface Scan {
  /** The hosts of each shard. */
  readonly shards: readonly (readonly HostObservation[])[];
  readonly number: number;
  readonly by?: MovingIdentity;
  readonly downAfter?: DownAfter;
  readonly way?: string;
  readonly complete?: boolean;
  readonly sight?: Partial<Sight>;
  readonly renamed?: readonly string[];
}

export type Scanned = Believed & Omit<GroupDecision, 'displaced'>;

/** Judges a scan, and answers what is believed after it too. */
export function scan(before: Believed, asked: Scan): Scanned {
  const { number, downAfter = 2 } = asked;
  const now = { scanId: `s${number}`, at: new Date(Date.UTC(2026, 0, number)).toISOString() };
  const frame = { way: asked.way ?? 'w', first: number === 1, number, now };
  const nothing = { findings: [], sentinels: [], path: 'clear', openDecoys: {} } as const;
  const decision = decideGroup({
    ...before,
    by: asked.by ?? 'mac',
    looks: asked.shards.map((hosts) => ({
      frame,
      sight: { ...nothing, ...asked.sight, snapshot: { hosts, uncovered: [] } },
    })),
    renamed: new Set(asked.renamed),
    rulesOf: () => ({ downAfter, serviceDownAfter: downAfter }),
    complete: asked.complete ?? true,
  });
  const verdicts = [...decision.looks.flatMap((look) => look.verdicts), ...decision.emptied];
  const news = verdicts.map(({ decision: { belief } }) => [belief.address, belief] as const);
  const displaced = decision.displaced.map(({ belief }) => belief);
  return { ...decision, beliefs: new Map([...before.beliefs, ...news]), displaced };
}

/** All deltas of a scan. */
export const deltasOf = ({ looks, deltas }: Pick<Scanned, 'looks' | 'deltas'>): Delta[] => [
  ...looks.flatMap((look) => look.deltas),
  ...deltas,
];
/** All deltas of a scan in short, sorted: `host.moved 10.0.0.1→10.0.0.2`. */
export const short = (decision: Scanned) => deltasOf(decision).map(tell).sort();
const tell = ({ kind, subject, before }: Delta) =>
  [
    kind,
    before && 'address' in before ? `${before.address}→` : '',
    'address' in subject ? subject.address : subject.target,
    'port' in subject ? subject.port : '',
  ]
    .filter(Boolean)
    .join(' ')
    .replace('→ ', '→');
