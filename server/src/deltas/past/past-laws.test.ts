import type { HostBelief } from '@netdelta/core/host/belief.ts';
import { compareAddress } from '@netdelta/core/past/compare-hosts.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildGroup, buildSite } from '../../db/testing/build-site.ts';
import { createTestDatabase, type TestDatabase } from '../../db/testing/test-database.ts';
import { instantOf, saveHistory } from '../testing/random-history.ts';
import { beginComparison, type HostDifference, selectDifferences } from './compare-instants.ts';
import { type HostKey, selectTouched, selectTouchedWalking } from './compare-queries.ts';
import { countDifferences } from './count-differences.ts';
import { listPastHosts } from './list-past-hosts.ts';

const HOSTS = 20;
const SCANS = 7;
const addressOf = (host: number) => `10.0.0.${host + 1}`;

let test: TestDatabase;
let siteId: string;
let groupId: string;
/** What was believed after each scan; before the first: nothing. */
let past: readonly ReadonlyMap<string, HostBelief>[];

beforeAll(async () => {
  test = await createTestDatabase();
  ({ siteId } = await buildSite(test.database));
  groupId = (await buildGroup(test.database, siteId)).id;
  const wish = { siteId, groupId, seed: 7, hosts: HOSTS, scans: SCANS };
  past = await saveHistory(test.database, wish);
});
afterAll(() => test.close());

/** All pairs of instants, in either direction; 0 is before the first scan. */
const pairs = Array.from({ length: (SCANS + 1) ** 2 }, (_, at) => ({
  from: at % (SCANS + 1),
  to: Math.floor(at / (SCANS + 1)),
}));

/** A comparison in lines; how a service ended is stored, and not believed: read backwards it is unknown. */
const tell = ({ changes, gaps }: Pick<HostDifference, 'changes' | 'gaps'>, address: string) => [
  ...changes.map(({ kind, subject, before, after }) => {
    const what = kind === 'service.filtered' ? 'service.closed' : kind;
    const side = (one: unknown) => (one as { service?: object } | null)?.service ?? null;
    return `${what} ${JSON.stringify([subject, side(before), side(after)])}`;
  }),
  ...gaps.map((gap) => `${address} ${JSON.stringify(gap)}`),
];

/** What core says of the beliefs that were held. */
function expected(from: number, to: number): string[] {
  const [before, after] = [past[from] ?? new Map(), past[to] ?? new Map()];
  return Array.from({ length: HOSTS }, (_, host) => addressOf(host))
    .flatMap((address) => tell(compareAddress({ before, after }, address), address))
    .sort();
}

async function readAll(from: number, to: number, limit: number): Promise<HostDifference[]> {
  return test.database.withSite(siteId, async (tx) => {
    const pair = { from: instantOf(from), to: instantOf(to), groupId };
    const comparison = await beginComparison(tx, pair);
    const all: HostDifference[] = [];
    let beyond: HostKey | undefined;
    for (let page = 0; page < 2 * HOSTS; page += 1) {
      const { items, next } = await selectDifferences(tx, comparison, { beyond, limit });
      all.push(...items);
      if (!next) return all;
      beyond = next;
    }
    throw new Error('the pages do not end');
  });
}

describe('what is stored', () => {
  it('compares any two instants as core compares what was believed at them', async () => {
    let changes = 0;
    for (const { from, to } of pairs) {
      const all = await readAll(from, to, 500);
      changes += all.length;
      expect(all.flatMap((item) => tell(item, item.address)).sort(), `${from} → ${to}`).toEqual(
        expected(from, to),
      );
    }
    expect(changes).toBeGreaterThan(200);
  });

  it('gives the same in pages of any size, each host once, by address', async () => {
    const whole = (await readAll(1, SCANS, 500)).map(({ address }) => address);
    for (const limit of [1, 2, 7])
      expect((await readAll(1, SCANS, limit)).map(({ address }) => address)).toEqual(whole);
    expect(new Set(whole).size).toBe(whole.length);
  });

  it('counts what the pages tell', async () => {
    for (const { from, to } of pairs) {
      const all = await readAll(from, to, 500);
      const pair = { from: instantOf(from), to: instantOf(to), groupId };
      const counts = await test.database.withSite(siteId, async (tx) =>
        countDifferences(tx, await beginComparison(tx, pair)),
      );
      const kinds: Record<string, number> = {};
      for (const { kind } of all.flatMap(({ changes }) => changes))
        kinds[kind] = (kinds[kind] ?? 0) + 1;
      expect(counts).toEqual({
        kinds,
        changes: all.reduce((sum, { changes }) => sum + changes.length, 0),
        hosts: all.filter(({ changes }) => changes.length > 0).length,
        gaps: all.reduce((sum, { gaps }) => sum + gaps.length, 0),
        complete: true,
      });
    }
  });

  it('finds the same hosts when it walks as when it gathers', async () => {
    for (const [earlier, later] of [
      [0, 1],
      [1, 2],
      [3, SCANS],
    ] as const) {
      const span = { earlier: instantOf(earlier), later: instantOf(later), groupId };
      const gathered = await test.database.withSite(siteId, (tx) =>
        selectTouched(tx, span, { limit: 100 }),
      );
      const walked: HostKey[] = [];
      let beyond: HostKey | undefined;
      do {
        const part = await test.database.withSite(siteId, (tx) =>
          selectTouchedWalking(tx, span, { beyond, limit: 3, walked: 5 }),
        );
        walked.push(...part.keys);
        beyond = part.last ?? undefined;
      } while (beyond);
      expect(walked).toEqual(gathered);
    }
  });

  it('shows every host as it was believed at any instant', async () => {
    for (let scan = 0; scan <= SCANS; scan += 1) {
      const at = instantOf(scan);
      const { items, next } = await test.database.withSite(siteId, (tx) =>
        listPastHosts(tx, { at, groupId }, 100),
      );
      const then = [...(past[scan]?.values() ?? [])];
      const brief = then.map(({ address, status, names, services }) => ({
        ...{ address, status, names },
        serviceCount: services.length,
      }));
      expect(next).toBeNull();
      const shown = items.map(({ address, status, names, serviceCount }) => ({
        ...{ address, status, names, serviceCount },
      }));
      const byAddress = (a: { address: string }, b: { address: string }) =>
        a.address.localeCompare(b.address);
      expect(shown.sort(byAddress)).toEqual(brief.sort(byAddress));
    }
  });
});
