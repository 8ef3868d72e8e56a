import type { HostBelief } from '@netdelta/core/host/belief.ts';
import { type HostStatus, hostStatusCode } from '@netdelta/core/host/status.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SiteTransaction } from '../db/database.ts';
import { buildGroup, buildSite } from '../db/testing/build-site.ts';
import { createTestDatabase, type TestDatabase } from '../db/testing/test-database.ts';
import { findHosts } from './find-hosts-queries.ts';
import { selectFigures, selectHosts, selectStatuses } from './host-queries.ts';
import { listPastHosts } from './past/list-past-hosts.ts';
import { presentStatuses } from './present-statuses.ts';
import { selectTallies } from './testing/network-queries.ts';
import { instantOf, listStatuses, saveHistory } from './testing/random-history.ts';

type Beliefs = ReadonlyMap<string, HostBelief>;

let test: TestDatabase;
beforeAll(async () => {
  test = await createTestDatabase();
});
afterAll(() => test.close());

/** What is to be told after a scan of the history, by core alone. */
const expected = (past: readonly Beliefs[], scan: number) =>
  [...(past[scan] ?? new Map<string, HostBelief>())]
    .map(([address, { status }]) => {
      const [since] = listStatuses(past.slice(0, scan + 1), address);
      return { address, status, since: since?.from };
    })
    .sort((a, b) => a.address.localeCompare(b.address));

/** How many hosts have each status. */
function count(rows: readonly { readonly status: HostStatus }[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { status } of rows) counts[status] = (counts[status] ?? 0) + 1;
  return counts;
}

const addressesOf = (rows: readonly { readonly address: string }[]) =>
  rows.map(({ address }) => address).sort((a, b) => a.localeCompare(b));

async function readNow(tx: SiteTransaction, groupId: string) {
  const keys = await findHosts(tx, { groupId, limit: 100 });
  const rows = await selectHosts(tx, keys);
  return rows
    .map((row) => ({
      address: row.address,
      status: row.status,
      since: row.status_since.toISOString(),
    }))
    .sort((a, b) => a.address.localeCompare(b.address));
}

describe.each([
  { name: 'scans that cover nearly all', covered: 0.95, silent: 0.1 },
  { name: 'scans that cover some', covered: 0.3, silent: 0.2 },
  { name: 'scans that cover all', covered: 1, silent: 0.05 },
])('after $name', ({ covered, silent }) => {
  it.each([1, 2, 3])('hosts are told as core believes them (%i)', async (seed) => {
    const { siteId } = await buildSite(test.database);
    const { id: groupId } = await buildGroup(test.database, siteId);
    const shape = { hosts: 15, scans: 6, covered, silent };
    const past = await saveHistory(test.database, { siteId, groupId, seed, ...shape });
    await test.database.withSite(siteId, async (tx) => {
      const now = expected(past, 6);
      const told = now.map(({ status, ...one }) => ({ ...one, status: hostStatusCode(status) }));
      expect(await readNow(tx, groupId)).toEqual(told.map((one) => expect.objectContaining(one)));
      for (const status of ['NEW', 'UP', 'CHANGED'] as const) {
        const wish = { groupId, status: hostStatusCode(status), limit: 100 };
        expect(addressesOf(await findHosts(tx, wish)), status).toEqual(
          addressesOf(now.filter((one) => one.status === status)),
        );
      }
      const figures = await selectFigures(tx);
      expect(Object.fromEntries(figures.statuses.map((one) => [one.status, one.hosts]))).toEqual(
        Object.fromEntries(
          Object.entries(count(now)).map(([status, hosts]) => [
            hostStatusCode(status as HostStatus),
            hosts,
          ]),
        ),
      );
      for (const { address } of now) {
        const statuses = presentStatuses(await selectStatuses(tx, groupId, address));
        const brief = statuses.map(({ status, from }) => ({ status, from }));
        expect(brief, address).toEqual(listStatuses(past, address));
      }
      for (let scan = 0; scan <= 6; scan += 1) {
        const { items } = await listPastHosts(tx, { at: instantOf(scan), groupId }, 100);
        const shown = items.map(({ address, status, statusSince }) => ({
          ...{ address, status },
          since: statusSince,
        }));
        shown.sort((a, b) => a.address.localeCompare(b.address));
        expect(shown, `as of scan ${scan}`).toEqual(expected(past, scan));
        const wish = { at: instantOf(scan), groupId, status: 'NEW' } as const;
        const young = await listPastHosts(tx, wish, 100);
        expect(addressesOf(young.items)).toEqual(
          addressesOf(expected(past, scan).filter(({ status }) => status === 'NEW')),
        );
      }
    });
    expect(await selectTallies(test.database, 'kept')).toEqual(
      await selectTallies(test.database, 'counted'),
    );
  });
});
