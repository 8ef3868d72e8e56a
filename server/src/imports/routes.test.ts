import { PassThrough, type Readable } from 'node:stream';
import { importView } from '@netdelta/core/api/imports.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildGroup } from '../db/testing/build-site.ts';
import { createTestDatabase, type TestDatabase } from '../db/testing/test-database.ts';
import { createTestServer, type TestServer } from '../http/testing/create-test-server.ts';
import { lockGroupForImport } from '../scans/scan-queries.ts';
import { importRoutes } from './routes.ts';
import { buildScanXml } from './testing/build-scan-xml.ts';
import { selectScans, selectWaiting } from './testing/queries.ts';

let test: TestDatabase;
let server: TestServer;
let groupId: string;

beforeAll(async () => {
  test = await createTestDatabase();
  server = await createTestServer(test.database, [importRoutes(test)]);
  const target = { kind: 'range', text: '10.0.0.0/24', first: '10.0.0.0', last: '10.0.0.255' };
  const targets = JSON.stringify([target]);
  groupId = (await buildGroup(test.database, server.site.id, { targets })).id;
});
afterAll(async () => {
  await server.app.close();
  await test.close();
});

const countConnections = () =>
  new Promise<number>((resolve) => server.app.server.getConnections((_, count) => resolve(count)));

const scanOf = (at: string, ...ports: number[]) => {
  const open = Object.fromEntries(ports.map((port) => [port, '']));
  return buildScanXml({ at, hosts: [{ address: '10.0.0.1', open }] });
};

const OWN_BYTES = {
  'content-type': 'application/octet-stream',
  'sec-fetch-site': 'same-origin',
};

function send(
  payload: string | Readable,
  { group = groupId, type = 'application/octet-stream' } = {},
) {
  return server.app.inject({
    method: 'POST',
    url: `/main/api/v1/groups/${group}/import?name=night.xml`,
    headers: { ...server.headers, 'content-type': type, 'sec-fetch-site': 'same-origin' },
    payload,
  });
}

describe('POST groups/:id/import', () => {
  it('makes a file history, once, by the person who sent it', async () => {
    const first = await send(scanOf('2025-03-01T02:00:00Z', 22));
    expect(importView.parse(first.json())).toMatchObject({ outcome: 'imported' });
    const second = await send(scanOf('2025-03-02T02:00:00Z', 22, 80));
    expect(second.json()).toMatchObject({ scan: { deltas: 1, ratings: { red: 1 } } });
    const again = await send(scanOf('2025-03-02T02:00:00Z', 22, 80));
    expect(again.json()).toMatchObject({ outcome: 'known', scan: null });
    expect(await selectScans(test.database, groupId)).toMatchObject([
      { trigger: 'import', started_by: server.user.id, file_name: 'night.xml' },
      { delta_count: 1 },
    ]);
  });

  it.each<[what: string, payload: string, status: number, code: string]>([
    ['is no scan', 'hello', 400, 'bad-file'],
    ['breaks off', '<nmaprun scanner="nmap" start="1"><host></nmaprun>', 400, 'bad-file'],
    ['is too old', scanOf('2025-02-01T02:00:00Z', 22), 409, 'import-refused'],
  ])('refuses a file that %s, and keeps nothing of it', async (_what, payload, status, code) => {
    const before = (await selectScans(test.database, groupId)).length;
    const answer = await send(payload);
    expect([answer.statusCode, answer.json().code]).toEqual([status, code]);
    expect(answer.json().message).toContain('night.xml');
    expect(await selectScans(test.database, groupId)).toHaveLength(before);
  });

  it('refuses what is no file, and a group that is not there', async () => {
    expect((await send('{}', { type: 'application/json' })).statusCode).toBe(415);
    const group = '00000000-0000-4000-8000-000000000000';
    expect((await send(scanOf('2025-03-09T02:00:00Z', 1), { group })).statusCode).toBe(404);
  });
});

describe('imports at once', () => {
  /** A file that comes, and does not end until it is ended. */
  function sendSlowly() {
    const payload = new PassThrough();
    payload.write('<?xml version="1.0"?>\n<nmaprun scanner="nmap" start="1">');
    return { payload, answer: send(payload) };
  }

  it('are two for one site: a third waits for one of them to end', async () => {
    const sent = [sendSlowly(), sendSlowly(), sendSlowly()];
    const refused = await Promise.race(sent.map(({ answer }) => answer.then((reply) => reply)));
    expect(refused.statusCode).toBe(429);
    expect((await send('hello')).statusCode).toBe(429);
    expect(refused.json()).toMatchObject({
      code: 'busy',
      message: expect.stringMatching(/^2 imports of this site run/),
    });
    for (const { payload } of sent) payload.end('</nmaprun>');
    const codes = await Promise.all(sent.map(async ({ answer }) => (await answer).statusCode));
    expect(codes.sort()).toEqual([409, 409, 429]);
    expect((await send('hello')).statusCode).toBe(400);
  });

  it('end with the client that goes away, and leave nothing', async () => {
    const before = (await selectScans(test.database, groupId)).length;
    const address = await server.app.listen({ port: 0, host: '127.0.0.1' });
    const leaving = new AbortController();
    const file = scanOf('2025-03-20T02:00:00Z', 22);
    let answer: Promise<unknown> = Promise.resolve();
    await test.database.withSite(server.site.id, async (tx) => {
      // The import has to wait here, with its file received.
      await lockGroupForImport(tx, groupId);
      answer = fetch(`${address}/main/api/v1/groups/${groupId}/import?name=night.xml`, {
        method: 'POST',
        headers: { ...server.headers, ...OWN_BYTES },
        body: file,
        signal: leaving.signal,
      });
      answer.catch(() => undefined);
      await expect.poll(() => selectWaiting(test.database)).toBe(1);
      leaving.abort();
      await expect(answer).rejects.toThrow();
      // Until the server has seen it.
      await expect.poll(countConnections).toBe(0);
    });
    await expect.poll(() => test.database.pool.totalCount - test.database.pool.idleCount).toBe(0);
    expect(await selectScans(test.database, groupId)).toHaveLength(before);
    expect(importView.parse((await send(file)).json())).toMatchObject({ outcome: 'imported' });
  });
});
