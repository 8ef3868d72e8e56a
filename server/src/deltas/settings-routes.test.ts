import { DEFAULT_DANGER_PORTS } from '@netdelta/core/evidence/danger-ports.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildSite } from '../db/testing/build-site.ts';
import { createTestDatabase, type TestDatabase } from '../db/testing/test-database.ts';
import { createTestServer, type TestServer } from '../http/testing/create-test-server.ts';
import { selectSettings } from './settings-queries.ts';
import { settingsRoutes } from './settings-routes.ts';

let test: TestDatabase;
let server: TestServer;

beforeAll(async () => {
  test = await createTestDatabase();
  server = await createTestServer(test.database, [settingsRoutes(test)]);
});
afterAll(async () => {
  await server.app.close();
  await test.close();
});

describe('the settings of a site', () => {
  it('begin with the standard, and keep what is put, in order', async () => {
    const standard = { historyWindow: 35, dangerPorts: DEFAULT_DANGER_PORTS };
    expect((await server.call('GET', 'settings')).json()).toEqual(standard);
    const answer = await server.call('PUT', 'settings', {
      historyWindow: 0,
      dangerPorts: '8000-8100, 23 22',
    });
    const kept = { historyWindow: 0, dangerPorts: '22-23,8000-8100' };
    expect(answer.json()).toEqual(kept);
    expect((await server.call('GET', 'settings')).json()).toEqual(kept);
  });

  it('are those of one site alone', async () => {
    const other = await buildSite(test.database);
    await server.call('PUT', 'settings', { historyWindow: 7, dangerPorts: '' });
    const theirs = await test.database.withSite(other.siteId, (tx) =>
      selectSettings(tx, other.siteId),
    );
    expect(theirs.historyWindow).toBe(35);
  });

  it('are refused with all their problems, and then stay', async () => {
    const before = (await server.call('GET', 'settings')).json();
    const body = { historyWindow: 101, dangerPorts: '22,telnet,70000' };
    const answer = await server.call('PUT', 'settings', body);
    expect(answer.statusCode).toBe(400);
    expect(answer.json().problems).toMatchObject([
      { path: 'historyWindow' },
      { path: 'dangerPorts', message: expect.stringContaining('"telnet" is not a port') },
      { path: 'dangerPorts', message: expect.stringContaining('"70000" is not a port') },
    ]);
    expect((await server.call('GET', 'settings')).json()).toEqual(before);
  });
});
