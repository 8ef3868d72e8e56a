import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { buildGroup } from '../db/testing/build-site.ts';
import { createTestDatabase, type TestDatabase } from '../db/testing/test-database.ts';
import { createTestServer, type TestServer } from '../http/testing/create-test-server.ts';
import { exportRoutes } from './routes.ts';

let test: TestDatabase;
let server: TestServer;
let groupId: string;
const MANY = 40_000;

beforeAll(async () => {
  test = await createTestDatabase();
  const { database } = test;
  server = await createTestServer(database, [exportRoutes({ database, version: '1' })]);
  groupId = (await buildGroup(database, server.site.id, { name: 'Fünf "Räume"\r\n../x' })).id;
  const other = await buildGroup(database, server.site.id, { name: 'Other' });
  for (const [id, start, count] of [
    [groupId, '10.0.0.0', 10],
    [other.id, '10.9.0.0', MANY],
  ] as const)
    await database.pool.query(
      `insert into hosts (site_id, group_id, address, status, reason, status_since, names)
       select $1, $2, $3::inet + n, 3, 'syn-ack', now(), array[repeat('n', 200)] from generate_series(1, $4::int) as n`,
      [server.site.id, id, start, count],
    );
  await server.app.listen({ port: 0, host: '127.0.0.1' });
});
afterAll(async () => {
  await server.app.close();
  await test.close();
});

const url = (query: string) => {
  const { port } = server.app.server.address() as AddressInfo;
  return `http://127.0.0.1:${port}/main/api/v1/export?${query}`;
};
async function open(query: string): Promise<IncomingMessage> {
  const request = get(url(query), { headers: server.headers });
  const [response] = await once(request, 'response');
  return response;
}
const countQueries = async () => {
  const select =
    "select count(*)::int as count from pg_stat_activity where state = 'active' and query like 'copy%'";
  return (await test.database.pool.query(select)).rows[0].count;
};

describe('GET /export', () => {
  it.each([
    [
      'format=ndjson',
      'application/x-ndjson; charset=utf-8',
      /^netdelta-main-\d{8}T\d{6}Z\.ndjson$/,
    ],
    [
      'format=csv&what=services&groupId=',
      'text/csv; charset=utf-8; header=present',
      /^netdelta-main-F-nf-R-ume-x-services-\d{8}T\d{6}Z\.csv$/,
    ],
    ['format=xml&groupId=', 'application/xml; charset=utf-8', /-x-\d{8}T\d{6}Z\.xml$/],
    ['gzip=true', 'application/gzip', /\.ndjson\.gz$/],
  ])('%s is a file of its own', async (query, type, name) => {
    const { statusCode, headers } = await server.call(
      'GET',
      `export?${query.replace('groupId=', `groupId=${groupId}`)}`,
    );
    expect([statusCode, headers['content-type']]).toEqual([200, type]);
    const [, given = ''] =
      /^attachment; filename="(.*)"$/.exec(String(headers['content-disposition'])) ?? [];
    expect(given).toMatch(name);
  });

  it('is packed when that is wished', async () => {
    const { rawPayload } = await server.call('GET', `export?gzip=true&groupId=${groupId}`);
    const lines = gunzipSync(rawPayload).toString().trimEnd().split('\n');
    expect(JSON.parse(lines.at(-1) ?? '').counts).toMatchObject({ group: 1, host: 10 });
  });

  it('lists exactly what is filtered', async () => {
    const { payload } = await server.call('GET', 'export?format=csv&what=hosts&text=10.0.0.7');
    expect(payload.match(/10\.0\.0\.\d+,UP/g)).toEqual(['10.0.0.7,UP']);
  });

  it('is written down', async () => {
    await server.call('GET', `export?format=csv&groupId=${groupId}`);
    const { rows } = await test.database.pool.query(
      'select action, subject, after from audit_entries order by number desc limit 1',
    );
    expect(rows[0]).toMatchObject({
      action: 'facts.exported',
      subject: { kind: 'group', id: groupId },
      after: { format: 'csv', what: 'hosts' },
    });
  });

  it.each([
    ['format=pdf', 400],
    ['status=SIDEWAYS&format=csv', 400],
    ["address=10.0.0.1'--&format=csv", 400],
    ['groupId=00000000-0000-4000-8000-000000000000', 404],
  ])('refuses %s', async (query, status) => {
    expect((await server.call('GET', `export?${query}`)).statusCode).toBe(status);
  });

  it('is for members alone, and sets nothing going for its heading', async () => {
    const address = '/main/api/v1/export';
    expect((await server.app.inject({ url: address })).statusCode).toBe(401);
    const head = await server.app.inject({ method: 'HEAD', url: address, headers: server.headers });
    expect(head.statusCode).toBe(404);
  });

  it('ends the query of a client that goes away, and admits two of one site at once', async () => {
    const readers = await Promise.all([1, 2].map(() => open('format=ndjson')));
    expect(readers.map(({ statusCode }) => statusCode)).toEqual([200, 200]);
    expect((await open('format=ndjson')).statusCode).toBe(429);
    for (const reader of readers) reader.destroy();
    await vi.waitFor(async () => expect(await countQueries()).toBe(0), { timeout: 10_000 });
    await vi.waitFor(async () => {
      const again = await open('format=csv&what=scans');
      again.resume();
      expect(again.statusCode).toBe(200);
    });
    const { pool } = test.database;
    await vi.waitFor(() => expect(pool.idleCount).toBe(pool.totalCount));
  });
});
