import type { HostStatusCode } from '@netdelta/core/host/status.ts';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { buildSite } from '../db/testing/build-site.ts';
import { createTestDatabase, type TestDatabase } from '../db/testing/test-database.ts';
import { insertServices } from './save-belief-queries.ts';
import { foldTallies } from './tally-queries.ts';
import {
  insertGroups,
  insertNetwork,
  insertPart,
  selectTallies,
} from './testing/network-queries.ts';

const HOSTS = 40;
const PLACE = 'site_id = $1 and group_id = $2';

let test: TestDatabase;
let siteId: string;
let groups: string[];

beforeAll(async () => {
  test = await createTestDatabase();
  ({ siteId } = await buildSite(test.database));
  groups = await insertGroups(test.database, siteId, 2);
});
afterAll(() => test.close());

function buildHosts(groupId: string) {
  return Array.from({ length: HOSTS }, (_, n) => ({
    ...{ groupId, address: `10.0.0.${n}`, names: [], mac: null, macVendor: null, os: null },
    status: ([2, 3, 5, 7, 1][n % 5] ?? 3) as HostStatusCode,
    services: [22, 80, 443]
      .slice(n % 4)
      .map((port) => ({ protocol: 'tcp' as const, port, name: 'http' })),
  }));
}

/** What happens to hosts and services, in one statement each; $3 and $4 choose among them. */
const CHANGES = {
  status: `update hosts set status = (status + $3::int) % 10 where ${PLACE} and host(address)::text like '%' || $4::int`,
  otherScan: `update hosts set last_scan_id = (select id from scans where ${PLACE} order by new_until nulls first, id offset $3::int limit 1)
    where ${PLACE} and status = 2 and host(address)::text like '%' || $4::int`,
  newOver: `update scans set new_until = now() where ${PLACE} and new_until is null and $3::int < $4::int`,
  sameStatus: `update hosts set reason = $3::text || $4::text where ${PLACE}`,
  hostGone: `delete from hosts where ${PLACE} and address = '10.0.0.0'::inet + ($3::int * 5 + $4::int)`,
  hostCame: `insert into hosts (site_id, group_id, address, status, reason, status_since)
    select $1, $2, '10.0.0.0'::inet + n, $4::int, 'x', now() from generate_series($3::int, 20) as n
    on conflict (site_id, group_id, address) do update set status = excluded.status`,
  serviceEnded: `update service_intervals set valid_to = now() where ${PLACE} and valid_to is null and port % $4::int = 0
    and $3::int > 0`,
  serviceRefined: `update service_intervals set reason = $3::text || $4::text where ${PLACE}`,
  serviceGone: `delete from service_intervals where ${PLACE} and port % $4::int = 0 and $3::int > 0`,
  serviceCame: `insert into service_intervals (site_id, group_id, address, protocol, port, valid_from, scan_id, reason)
    select $1, $2, address, 'udp', $4::int, now(), gen_random_uuid(), 'x' from hosts where ${PLACE} and status > $3::int
    on conflict do nothing`,
} as const;
type Change = keyof typeof CHANGES | 'folded';

it('the figures that are kept are those that counting gives, whatever happens', async () => {
  const { database } = test;
  const names = fc.constantFrom<Change>(...(Object.keys(CHANGES) as Change[]), 'folded');
  const change = fc.tuple(
    names,
    fc.nat(1),
    fc.integer({ min: 0, max: 9 }),
    fc.integer({ min: 1, max: 9 }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(change, { minLength: 5, maxLength: 15 }), async (changes) => {
      await database.pool.query('delete from hosts');
      for (const groupId of groups) await insertNetwork(database, siteId, buildHosts(groupId));
      for (const [name, group, some, other] of changes) {
        const groupId = groups[group] ?? '';
        if (name === 'folded') await database.withSite(siteId, (tx) => foldTallies(tx, groupId));
        else await database.pool.query(CHANGES[name], [siteId, groupId, some, other]);
        expect(await selectTallies(database, 'kept'), name).toEqual(
          await selectTallies(database, 'counted'),
        );
      }
    }),
    { numRuns: 25 },
  );
});

it('many who save at once neither wait in a circle nor lose a figure', async () => {
  const { database } = test;
  await database.pool.query('delete from hosts');
  const [groupId = ''] = groups;
  const save = (part: number) =>
    database.withSite(siteId, async (tx) => {
      for (let n = 0; n < 10; n += 1) {
        await insertPart(tx, { siteId, groupId, part, n });
        if (n % 3 === part % 3) await foldTallies(tx, groupId);
      }
    });
  await Promise.all(Array.from({ length: 8 }, (_, part) => save(part)));
  const kept = await selectTallies(database, 'kept');
  expect(kept).toEqual(await selectTallies(database, 'counted'));
  expect(kept).toEqual([{ group_id: groupId, status: 3, hosts: 80, services: 80 }]);
  await database.withSite(siteId, (tx) => foldTallies(tx, groupId));
  const { rows } = await database.pool.query('select from group_tallies where group_id = $1', [
    groupId,
  ]);
  expect(rows).toHaveLength(1);
});

it('a group that is deleted takes its figures along', async () => {
  const { database } = test;
  await database.pool.query('delete from hosts');
  const [groupId = ''] = await insertGroups(database, siteId, 1);
  await insertNetwork(database, siteId, buildHosts(groupId));
  await database.pool.query('delete from groups where id = $1', [groupId]);
  const { rows } = await database.pool.query('select from group_tallies where group_id = $1', [
    groupId,
  ]);
  expect(rows).toEqual([]);
});

it('a service has the key of what it is, whoever stored or changed it', async () => {
  const { database } = test;
  await database.pool.query('delete from hosts');
  const [groupId = ''] = groups;
  await insertNetwork(database, siteId, buildHosts(groupId));
  const scanId = crypto.randomUUID();
  const place = { siteId, groupId, scanId, at: '2026-01-01T00:00:00Z' };
  const belief = { protocol: 'udp', port: 53, reason: 'x' } as const;
  const address = '10.0.0.1';
  await database.withSite(siteId, (tx) =>
    insertServices(tx, place, [
      {
        address,
        belief: { ...belief, service: { method: 'probed', name: 'domain', product: 'BIND' } },
      },
      { address, belief: { ...belief, port: 54 } },
    ]),
  );
  const refined = { method: 'probed', name: 'smtp', product: 'Postfix' } as const;
  const refine = 'update service_intervals set service = $1 where port = 80';
  const { rowCount } = await database.pool.query(refine, [refined]);
  expect(rowCount).toBeGreaterThan(0);
  const { rows } = await database.pool.query(
    `select distinct port, t.text from service_intervals as s left join service_texts as t
       on t.site_id = s.site_id and t.key = s.search_key where port in (53, 54, 80, 443) order by port`,
  );
  const texts = ['domain bind ', '', 'smtp postfix ', 'http '];
  expect(rows.map(({ text }) => text)).toEqual(texts);
});
