import type { InjectOptions } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { closeScan } from '../deltas/close-scan.ts';
import {
  selectCount,
  selectFingerprint,
  selectTables,
} from '../isolation/testing/catalog-queries.ts';
import { settleSite } from '../isolation/testing/settle-site.ts';
import { reopenScan, type SiteIds, selectOwner } from '../isolation/testing/site-queries.ts';
import { createWholeServer, type WholeServer } from '../testing/create-whole-server.ts';
import { removeGroupInSteps } from './remove-group.ts';
import { removeSite } from './remove-site.ts';
import { GROUP_STEPS } from './row-queries.ts';
import { insertManyDeltas, selectOfGroup, selectTablesOfGroups } from './testing/queries.ts';

let server: WholeServer;
let own: { siteId: string; userId: string };
let other: { siteId: string; userId: string };
let ids: SiteIds;
const { signal } = new AbortController();

beforeAll(async () => {
  server = await createWholeServer();
  own = await selectOwner(server.database, 'main');
  other = await selectOwner(server.database, 'other');
  ids = await settleSite(server.database, { ...own, marker: 'OWN' });
  await settleSite(server.database, { ...other, marker: 'OTHER' });
});
afterAll(() => server.close());

const ask = (cookie: string, method: string, url: string, payload?: object) =>
  server.app.inject({
    ...{ method: method as 'GET', url, headers: { cookie, 'sec-fetch-site': 'same-origin' } },
    ...(payload && { payload }),
  } satisfies InjectOptions);
const call = (method: string, path: string, payload?: object) =>
  ask(server.cookieOf('owner'), method, `/main/api/v1/${path}`, payload);
const fingerprint = async (siteId: string) =>
  selectFingerprint(server.database, (await selectTables(server.database)).ofSites, siteId);
const audited = async (action: string) =>
  (await call('GET', `audit?action=${action}`)).json().items.length as number;

describe('a large group', () => {
  it('goes in steps, of which every table with rows of groups has one', async () => {
    const tables = await selectTablesOfGroups(server.database);
    expect(GROUP_STEPS.map(({ table }) => table).sort()).toEqual([...tables, 'shards'].sort());
  });

  it('is only marked when it is deleted: nothing scans or edits it', async () => {
    await insertManyDeltas(server.database, { ...own, groupId: ids.group, count: 5_000 });
    const reply = await call('DELETE', `groups/${ids.group}`);
    expect(reply.statusCode).toBe(202);
    expect(reply.json().deletingSince).not.toBeNull();
    expect((await call('DELETE', `groups/${ids.group}`)).statusCode).toBe(202);
    expect(await audited('group.deleted')).toBe(1);
    expect((await call('POST', 'scans', { groupId: ids.group })).statusCode).toBe(404);
    const body = { name: 'again', targets: '127.0.0.1', profileId: ids.profile };
    expect((await call('PUT', `groups/${ids.group}`, body)).json().code).toBe('group-deleting');
  });

  it('may be interrupted, deleted twice at once, and takes nothing of others', async () => {
    const { database } = server;
    const before = await fingerprint(other.siteId);
    const stopping = new AbortController();
    const removal = { database, siteId: own.siteId };
    const interrupted = removeGroupInSteps(
      { ...removal, signal: stopping.signal, onStep: (rows) => rows > 500 && stopping.abort() },
      ids.group,
    );
    await expect(interrupted).rejects.toThrow('aborted');
    expect((await call('GET', `groups/${ids.group}`)).json().rowsDeleted).toBeGreaterThan(500);
    const steps: number[] = [];
    await Promise.all([
      removeGroupInSteps({ ...removal, signal, onStep: (rows) => steps.push(rows) }, ids.group),
      removeGroupInSteps({ ...removal, signal }, ids.group),
    ]);
    expect(Math.max(...steps)).toBeLessThanOrEqual(1_000);
    expect(await selectOfGroup(database, ids.group)).toEqual([]);
    expect((await call('GET', `groups/${ids.group}`)).statusCode).toBe(404);
    expect(await fingerprint(other.siteId)).toEqual(before);
  });

  it('is left alone while it is not marked', async () => {
    const kept = await settleSite(server.database, { ...own, marker: 'KEPT' });
    const before = await fingerprint(own.siteId);
    await removeGroupInSteps({ database: server.database, siteId: own.siteId, signal }, kept.group);
    await removeGroupInSteps(
      { database: server.database, siteId: other.siteId, signal },
      kept.group,
    );
    expect(await fingerprint(own.siteId)).toEqual(before);
    ids = kept;
  });
});

const end = (more: object = {}) =>
  call('POST', 'site/removal', { name: 'main', keepsData: true, ...more });
const finish = () => removeSite({ ...server.parts, closeScan, siteId: own.siteId, signal });
const asPlatform = (method: string, path: string, payload?: object) =>
  ask(server.platformCookie, method, `/api/v1/platform/${path}`, payload);

describe('a site', () => {
  it('is not ended by another name, while scans run, or before it was exported', async () => {
    await reopenScan(server.database, ids.scan);
    expect((await end({ name: 'Main street' })).json().problems[0].path).toBe('name');
    expect((await end()).json().code).toBe('scans-run');
    expect((await end({ cancelsScans: true, keepsData: false })).json().code).toBe('not-exported');
    expect(await finish()).toBe('active');
    expect((await call('GET', `scans/${ids.scan}`)).json().scan.status).toBe('running');
  });

  it('is entered by nobody once it is deactivated, and scans nothing', async () => {
    expect((await end({ cancelsScans: true })).statusCode).toBe(202);
    expect((await call('GET', 'groups')).statusCode).toBe(404);
    expect(
      (await ask('', 'POST', '/main/api/v1/session', { email: 'a@b.example', password: 'x' }))
        .statusCode,
    ).toBe(404);
    expect(await finish()).toBe('deactivated');
    const before = await fingerprint(own.siteId);
    expect(await finish()).toBe('deactivated');
    expect(await fingerprint(own.siteId)).toEqual(before);
  });

  it('is restored as it was', async () => {
    expect((await asPlatform('POST', 'sites/main/restore')).statusCode).toBe(200);
    expect((await asPlatform('POST', 'sites/main/restore')).json().code).toBe('site-active');
    expect((await call('GET', `scans/${ids.scan}`)).json().scan.status).toBe('cancelled');
    expect((await call('GET', 'audit/check')).json().broken).toBeNull();
  });

  it('is deleted in steps, but for what the audit log holds of it', async () => {
    const before = await fingerprint(other.siteId);
    await call('GET', 'export?format=ndjson');
    expect((await end({ keepsData: false })).statusCode).toBe(202);
    expect((await asPlatform('POST', 'sites/main/restore')).json().code).toBe('site-deleting');
    expect(await finish()).toBe('deleted');
    expect(await finish()).toBe('deleted');
    const { ofSites } = await selectTables(server.database);
    const left: string[] = [];
    for (const table of ofSites)
      if ((await selectCount(server.database.system, table, own.siteId)) > 0) left.push(table.name);
    expect(left).toEqual(['audit_entries']);
    expect(await fingerprint(other.siteId)).toEqual(before);
  });

  it('stays in the log of the platform: who ended it, how, and what went', async () => {
    const { items } = (await asPlatform('GET', 'audit')).json();
    expect(items.map(({ action }: { action: string }) => action)).toEqual([
      'site.erased',
      'site.deleted',
      'site.restored',
      'site.deactivated',
    ]);
    expect(items[0].after).toMatchObject({ slug: 'main', rows: expect.any(Number) });
    expect(items[1].actor).toMatchObject({ kind: 'person', name: 'owner' });
  });
});
