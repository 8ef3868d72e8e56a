import { buildProbes } from '@netdelta/core/evidence/build-doubt.ts';
import { buildRated } from '@netdelta/core/evidence/build-rated.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildGroup } from '../db/testing/build-site.ts';
import { createTestDatabase, type TestDatabase } from '../db/testing/test-database.ts';
import { createTestServer, type TestServer } from '../http/testing/create-test-server.ts';
import { insertDeltas } from './delta-queries.ts';
import { insertRefutations } from './refutation-queries.ts';
import { deltaRoutes } from './routes.ts';

let test: TestDatabase;
let server: TestServer;
let groupId: string;
let siteId: string;
let scanId: string;

const AT = '2026-11-24T02:00:00.000Z';
const HOSTS = 7;

beforeAll(async () => {
  test = await createTestDatabase();
  server = await createTestServer(test.database, [deltaRoutes(test)]);
  siteId = server.site.id;
  groupId = (await buildGroup(test.database, siteId, { name: 'DMZ' })).id;
  const { pool } = test.database;
  const { rows } = await pool.query(
    `insert into scans (site_id, group_id, status, trigger, profile_name, options, down_after, service_down_after, started_at, finished_at)
     values ($1, $2, 'finished', 'person', 'p', '{}', 1, 1, $3, $3) returning id`,
    [siteId, groupId, AT],
  );
  scanId = rows[0].id;
  await pool.query(
    `insert into hosts (site_id, group_id, address, status, reason, status_since, names, first_seen_at)
     select $1, $2, ('127.0.1.' || n)::inet, case when n = 7 then 7 else 3 end, 'syn-ack', $3, array['host-' || n || '.test'], $3
     from generate_series(1, ${HOSTS}) as n`,
    [siteId, groupId, AT],
  );
  await pool.query(
    `insert into service_intervals (site_id, group_id, address, protocol, port, valid_from, scan_id, reason, service)
     select $1, $2, ('127.0.1.' || n)::inet, 'tcp', 20 + n, $3, $4, 'syn-ack', '{"method":"probed","name":"http","product":"nginx 100%"}'
     from generate_series(1, ${HOSTS}) as n`,
    [siteId, groupId, AT, scanId],
  );
  await test.database.withSite(siteId, (tx) =>
    insertDeltas(
      tx,
      { siteId, groupId, scanId, at: AT },
      Array.from({ length: HOSTS }, (_, n) => ({
        kind: 'service.opened' as const,
        subject: { address: `127.0.1.${n + 1}`, protocol: 'tcp' as const, port: 22 },
        before: null,
        after: { state: 'open' as const, reason: 'syn-ack' },
        evidence: { reason: 'syn-ack' },
      })),
    ),
  );
});
afterAll(async () => {
  await server.app.close();
  await test.close();
});

/** Follows `next` to the end. */
async function readAll(path: string): Promise<{ address: string }[]> {
  const items: { address: string }[] = [];
  let after = '';
  for (let page = 0; page < 20; page += 1) {
    const answer = (await server.call('GET', `${path}&limit=2${after}`)).json();
    items.push(...answer.items);
    if (answer.next === null) return items;
    after = `&after=${encodeURIComponent(answer.next)}`;
  }
  throw new Error('the pages do not end');
}

const addressesOf = (items: { address: string }[]) => items.map(({ address }) => address);
const ALL = Array.from({ length: HOSTS }, (_, n) => `127.0.1.${n + 1}`);

describe('deltas', () => {
  it('are listed newest first, those of a scan by address, each once', async () => {
    expect(addressesOf(await readAll('deltas?'))).toEqual(ALL.toReversed());
    expect(addressesOf(await readAll(`deltas?scanId=${scanId}`))).toEqual(ALL);
    expect(await readAll(`deltas?address=127.0.1.3`)).toMatchObject([
      {
        heading: 'Services Added',
        groupName: 'DMZ',
        sentence: expect.stringContaining('tcp/22 opened'),
      },
    ]);
  });

  it('of a subnet are found at each host that went with it', async () => {
    const sides = { addresses: ['127.0.1.2', '127.0.1.4'] };
    const outage = {
      kind: 'subnet.down' as const,
      subject: { target: '127.0.1.0/29' },
      before: { up: true, ...sides },
      after: { up: false, ...sides },
      evidence: { reason: 'no-response' },
    };
    const place = { siteId, groupId, scanId, at: AT };
    await test.database.withSite(siteId, (tx) => insertDeltas(tx, place, [outage]));
    const kindsOf = async (address: string) =>
      (await server.call('GET', `deltas?address=${address}`))
        .json()
        .items.map(({ kind }: { kind: string }) => kind);
    expect(await kindsOf('127.0.1.2')).toEqual(['subnet.down', 'service.opened']);
    expect(await kindsOf('127.0.1.3')).toEqual(['service.opened']);
    await test.database.pool.query("delete from deltas where kind = 'subnet.down'");
  });

  it('are found by their rating, and tell what it was made of', async () => {
    const rated = buildRated({ rating: 'amber', history: { last: 6, times: 1 } });
    await test.database.pool.query(
      `update deltas set rating = 'amber', rated = $1 where address in ('127.0.1.2', '127.0.1.5')`,
      [JSON.stringify(rated)],
    );
    const found = await readAll('deltas?rating=amber');
    expect(addressesOf(found)).toEqual(['127.0.1.5', '127.0.1.2']);
    expect(found[0]).toMatchObject({ rating: 'amber', rated });
    expect(await readAll('deltas?rating=red')).toEqual([]);
    expect((await readAll('deltas?'))[0]).toMatchObject({ rating: null, rated: null });
    expect((await server.call('GET', 'deltas?rating=blue')).statusCode).toBe(400);
  });
});

describe('one delta', () => {
  it('tells why it was reported', async () => {
    const { items } = (await server.call('GET', 'deltas?address=127.0.1.3')).json();
    const answer = await server.call('GET', `deltas/${items[0].id}`);
    expect(answer.json()).toEqual(items[0]);
    expect(answer.json().explanation).toMatch(/^Reported because it accepted the connection/);
  });

  it.each([
    ['deltas/999999999', 404],
    ['deltas/first', 400],
  ])('%s is answered with %d', async (path, status) => {
    expect((await server.call('GET', path)).statusCode).toBe(status);
  });

  it('is not shown to another site', async () => {
    const { items } = (await server.call('GET', 'deltas?limit=1')).json();
    const other = await createTestServer(test.database, [deltaRoutes(test)], { slug: 'other' });
    expect((await other.call('GET', `deltas/${items[0].id}`)).statusCode).toBe(404);
    await other.app.close();
  });
});

describe('hosts', () => {
  it.each<[string, string[]]>([
    ['', ALL],
    ['status=STILL_DOWN', ['127.0.1.7']],
    ['port=23', ['127.0.1.3']],
    ['text=HOST-4', ['127.0.1.4']],
    ['text=100%25', ALL],
    ['text=.1.2', ['127.0.1.2']],
    ['text=100_', []],
  ])('are found by "%s", page by page', async (filter, addresses) => {
    expect(addressesOf(await readAll(`hosts?${filter}`))).toEqual(addresses);
  });

  it('show their services and history', async () => {
    const answer = await server.call('GET', `hosts/${groupId}/127.0.1.3`);
    expect(answer.json()).toMatchObject({
      host: { status: 'UP', serviceCount: 1, names: ['host-3.test'] },
      services: [{ port: 23, name: 'http', product: 'nginx 100%', guessed: false }],
      pastServices: [],
      deltas: [{ kind: 'service.opened' }],
    });
    expect((await server.call('GET', `hosts/${groupId}/127.0.9.9`)).statusCode).toBe(404);
    expect((await server.call('GET', `hosts/${groupId}/nobody`)).statusCode).toBe(400);
  });

  it('can have rules of their own, and follow their group again', async () => {
    const path = `hosts/${groupId}/127.0.1.3`;
    const { downAfter } = (await server.call('GET', path)).json();
    const own = { downAfter: 7, serviceDownAfter: null };
    const changed = (await server.call('PUT', `${path}/rules`, own)).json();
    expect(changed).toMatchObject({ downAfter: 7, ownRules: own });
    const none = { downAfter: null, serviceDownAfter: null };
    await server.call('PUT', `${path}/rules`, none);
    expect((await server.call('GET', path)).json()).toMatchObject({ downAfter, ownRules: none });
    const wrong = { downAfter: 11, serviceDownAfter: null };
    expect((await server.call('PUT', `${path}/rules`, wrong)).statusCode).toBe(400);
    const stranger = await server.call('PUT', `hosts/${groupId}/127.0.9.9/rules`, own);
    expect(stranger.statusCode).toBe(404);
  });

  it('tell what looked changed and was not', async () => {
    const doubt = {
      kind: 'silent',
      address: '127.0.1.3',
      endpoint: 'tcp/80',
      prior: 1e-4,
    } as const;
    const finding = {
      doubt: { ...doubt, ask: ['tcp/80'] as const },
      outcome: 'refuted' as const,
      probes: buildProbes('silent', 'open'),
      loss: 0.19,
      likelihood: 0,
    };
    const place = { siteId: server.site.id, groupId, scanId, at: new Date().toISOString() };
    await test.database.withSite(place.siteId, (tx) => insertRefutations(tx, place, [finding]));
    expect((await server.call('GET', `hosts/${groupId}/127.0.1.3`)).json().refutations).toEqual([
      {
        scanId,
        at: place.at,
        endpoint: 'tcp/80',
        kind: 'silent',
        explanation:
          'Not reported: silent in the sweep, but the 2nd probe 0.8 s later was answered (SYN-ACK).',
        prior: 1e-4,
        loss: 0.19,
        probes: finding.probes,
      },
    ]);
    expect((await server.call('GET', 'overview')).json().falseAlarmsAvoided).toBe(1);
  });

  it('are counted on the overview; the services of those that are down are not', async () => {
    expect((await server.call('GET', 'overview')).json()).toMatchObject({
      groupCount: 1,
      statusCounts: { UP: 6, STILL_DOWN: 1, ADDED: 0 },
      serviceCount: 6,
      recentScans: [{ id: scanId }],
    });
  });
});
