import type { HostBelief } from '@netdelta/core/host/belief.ts';
import { NO_PORTS, portSetOf } from '@netdelta/core/snapshot/port-set.ts';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { buildGroup, buildSite } from '../db/testing/build-site.ts';
import { createTestDatabase, type TestDatabase } from '../db/testing/test-database.ts';
import { upsertCoverage } from './save-belief-queries.ts';
import { saveBeliefs } from './save-beliefs.ts';

let test: TestDatabase;
beforeAll(async () => {
  test = await createTestDatabase();
});
afterAll(() => test.close());

const believe = (address: string, ...ports: number[]): HostBelief => ({
  ...{ address, status: 'NEW', reason: 'syn-ack', contacts: [], names: [], services: [] },
  known: { tcp: portSetOf(ports), udp: NO_PORTS },
  unsteady: [],
});

it('stores coverages in one order, whatever that of the hosts: nobody waits in a circle', async () => {
  const { database } = test;
  const { siteId } = await buildSite(database);
  const groupId = (await buildGroup(database, siteId)).id;
  const scanId = '00000000-0000-4000-8000-000000000001';
  const place = { siteId, groupId, scanId, at: new Date().toISOString() };
  const beliefs = [believe('10.0.0.1', 22), believe('10.0.0.2', 11), believe('10.0.0.3')];
  const verdicts = beliefs.map((belief) => ({
    before: undefined,
    decision: { belief, deltas: [] },
  }));
  const waits = async () => {
    const locks = "select 1 from pg_locks where not granted and locktype = 'transactionid'";
    return (await database.pool.query(locks)).rows.length > 0;
  };
  const { saving } = await database.withSite(siteId, async (tx) => {
    await upsertCoverage(tx, siteId, { tcp: '11', udp: '' });
    const saving = database
      .withSite(siteId, (other) => saveBeliefs(other, place, { verdicts, names: {} }))
      .catch((error: unknown) => error);
    await vi.waitUntil(waits, { timeout: 5_000 });
    await upsertCoverage(tx, siteId, { tcp: '22', udp: '' });
    return { saving };
  });
  expect(await saving).toBeUndefined();
  const { rows } = await database.pool.query(
    'select host(h.address) as address, c.tcp from hosts as h left join coverages as c on c.id = h.known_coverage_id order by 1',
  );
  expect(rows).toEqual([
    { address: '10.0.0.1', tcp: '22' },
    { address: '10.0.0.2', tcp: '11' },
    { address: '10.0.0.3', tcp: null },
  ]);
});
