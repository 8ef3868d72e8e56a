import { randomUUID } from 'node:crypto';
import type { HostBelief } from '@netdelta/core/host/belief.ts';
import { buildOpen, buildSeen, buildUnanswered } from '@netdelta/core/host/build-observation.ts';
import { decideSight } from '@netdelta/core/host/decide-sight.ts';
import { createRandom } from '@netdelta/core/host/simulate-network.ts';
import type { HostObservation } from '@netdelta/core/snapshot/snapshot.ts';
import type { Database } from '../../db/database.ts';
import { closeScan } from '../close-scan.ts';
import { saveBeliefs } from '../save-beliefs.ts';
import { insertEndedScan } from './queries.ts';

export interface HistoryWish {
  readonly siteId: string;
  readonly groupId: string;
  readonly seed: number;
  readonly hosts: number;
  readonly scans: number;
  /** The share 0–1 of the hosts that a scan covers, and of those that do not answer it; 0.8 and 0.25. */
  readonly covered?: number;
  readonly silent?: number;
}

type Beliefs = ReadonlyMap<string, HostBelief>;

const AT_ONCE = { downAfter: 1, serviceDownAfter: 1 } as const;
const WAY = 'standard';

/** When a scan of the history ended, from 1; ISO 8601. */
export const instantOf = (scan: number) => new Date(Date.UTC(2026, 0, scan + 1, 2)).toISOString();

/** What a scan sees of a host: up or not, few or many ports asked, its usual service or others, of one product or another. */
function look(address: string, random: () => number, silent: number): HostObservation {
  if (random() < silent) return buildUnanswered({ address });
  const covered = random() < 0.5 ? [22, 80] : [22, 80, 443];
  const isUsual = random() < 0.6;
  const open = isUsual ? [22] : covered.filter(() => random() < 0.6);
  const endpoints = open.map((port) => {
    const product = isUsual || random() < 0.7 ? 'A' : 'B';
    return buildOpen(port, { service: { method: 'probed', product } });
  });
  return buildSeen(endpoints, { address, covered, names: random() < 0.3 ? ['n.test'] : [] });
}

/**
 * Saves scans of a group, each of other hosts, as they would have been live. Answers what was believed
 * after each, by core alone; at 0, before the first, that is nothing.
 */
export async function saveHistory(database: Database, wish: HistoryWish): Promise<Beliefs[]> {
  const { siteId, groupId, hosts, scans, covered = 0.8, silent = 0.25 } = wish;
  const random = createRandom(wish.seed);
  const past: Beliefs[] = [new Map()];
  for (let number = 1; number <= scans; number += 1) {
    const now = { scanId: randomUUID(), at: instantOf(number) };
    const place = { siteId, groupId, ...now };
    const all = Array.from({ length: hosts }, (_, host) => `10.0.0.${host + 1}`);
    const asked = all.filter(() => random() < covered);
    const beliefs = past.at(-1) ?? new Map<string, HostBelief>();
    const { verdicts } = decideSight({
      sight: {
        snapshot: { hosts: asked.map((host) => look(host, random, silent)), uncovered: [] },
        ...{ findings: [], sentinels: [], path: 'clear', openDecoys: {} },
      },
      // Silence to another way than the one last answered: the host is held.
      frame: { way: random() < 0.8 ? WAY : 'other', first: number === 1, number, now },
      beliefs,
      rulesOf: () => AT_ONCE,
    });
    await database.withSite(siteId, async (tx) => {
      const scan = await insertEndedScan(tx, place, { number, covered: asked });
      await saveBeliefs(tx, place, { verdicts, names: {} });
      await closeScan(tx, scan);
    });
    const news = verdicts.map(({ decision: { belief } }) => [belief.address, belief] as const);
    past.push(new Map([...beliefs, ...news]));
  }
  return past;
}

/** The statuses that core gave a host, newest first: each with since when. */
export function listStatuses(past: readonly Beliefs[], address: string) {
  const all = past.map((beliefs, scan) => ({
    status: beliefs.get(address)?.status,
    from: instantOf(scan),
  }));
  return all.filter(({ status }, scan) => status && status !== all[scan - 1]?.status).reverse();
}
