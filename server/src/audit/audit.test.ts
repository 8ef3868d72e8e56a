import { randomUUID } from 'node:crypto';
import type { AuditView } from '@netdelta/core/api/audit.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildSite } from '../db/testing/build-site.ts';
import { createTestDatabase, type TestDatabase } from '../db/testing/test-database.ts';
import { createTestServer } from '../http/testing/create-test-server.ts';
import { checkChain } from './check-chain.ts';
import { exportChain } from './export-chain.ts';
import { recordAudit } from './record-audit.ts';
import { auditRoutes } from './routes.ts';
import { changeEntries } from './testing/queries.ts';

let test: TestDatabase;
beforeAll(async () => {
  test = await createTestDatabase();
});
afterAll(() => test.close());

const source = {
  actor: { kind: 'person', id: 'u1', name: 'Ada Lovelace' },
  address: '192.0.2.7',
  userAgent: null,
} as const;
const subject = { kind: 'group', id: 'g1', name: 'DMZ' };

function record(siteId: string, after: Record<string, unknown> = { name: 'DMZ' }) {
  const change = { action: 'group.created', subject, after } as const;
  return test.database.withSite(siteId, (tx) => recordAudit(tx, siteId, source, change));
}

const check = (siteId: string) => test.database.withSite(siteId, (tx) => checkChain(tx, siteId));

async function buildChain(entries: number): Promise<string> {
  const { siteId } = await buildSite(test.database);
  for (let number = 1; number <= entries; number += 1) await record(siteId, { number });
  return siteId;
}

describe('a chain', () => {
  it('is whole when nobody touched it, however many wrote at once', async () => {
    const { siteId } = await buildSite(test.database);
    await Promise.all(Array.from({ length: 40 }, (_, number) => record(siteId, { number })));
    expect(await check(siteId)).toMatchObject({ entries: 40, broken: null });
  });

  it('of a site without entries is whole', async () => {
    const { siteId } = await buildSite(test.database);
    expect(await check(siteId)).toEqual({ entries: 0, lastHash: null, broken: null });
  });

  it('holds whatever text was in the fields', async () => {
    const { siteId } = await buildSite(test.database);
    await record(siteId, {
      nul: 'a\0b',
      lone: '\ud800',
      long: 'x'.repeat(100_000),
      deep: { z: 1, a: [{ y: 1e21, x: -0 }], __proto__: null },
      umlaut: 'ü\u{1f600}',
    });
    expect(await check(siteId)).toMatchObject({ entries: 1, broken: null });
  });

  it.each([
    [
      'a field was changed',
      'update audit_entries set after = \'{"number": 9}\' where number = 2',
      2,
    ],
    [
      'the actor was changed',
      `update audit_entries set actor = '{"id": "u2", "kind": "person", "name": "Eve"}' where number = 3`,
      3,
    ],
    [
      'the time was changed',
      "update audit_entries set at = at - interval '1 day' where number = 1",
      1,
    ],
    ['an entry was deleted', 'delete from audit_entries where number = 2', 2],
    [
      'two were exchanged',
      'update audit_entries set number = case number when 2 then 1002 else 2 end where number in (2, 3)',
      2,
    ],
  ])('is broken when %s', async (_what, statement, number) => {
    const siteId = await buildChain(4);
    await changeEntries(test.database, siteId, statement);
    expect((await check(siteId)).broken).toMatchObject({ number });
  });

  it('that lost its end shows another last hash', async () => {
    const siteId = await buildChain(3);
    const before = await check(siteId);
    await changeEntries(test.database, siteId, 'delete from audit_entries where number = 3');
    const after = await check(siteId);
    expect(after).toMatchObject({ entries: 2, broken: null });
    expect(after.lastHash).not.toBe(before.lastHash);
  });
});

describe('the table', () => {
  it.each([
    "update audit_entries set action = 'group.deleted'",
    'delete from audit_entries',
    'truncate audit_entries',
  ])('refuses even its owner: %s', async (statement) => {
    await buildChain(1);
    await expect(test.database.pool.query(statement)).rejects.toThrow('append-only');
  });

  it('shows a site its own entries alone, and lets it write no other', async () => {
    const [one, other] = [await buildChain(1), await buildChain(2)];
    expect(await check(one)).toMatchObject({ entries: 1 });
    await expect(
      test.database.withSite(one, (tx) =>
        recordAudit(tx, other, source, { action: 'group.deleted', subject }),
      ),
    ).rejects.toThrow(/row-level security|duplicate key/);
  });

  it('has no entry of what was rolled back, nor of an edit that changed nothing', async () => {
    const siteId = await buildChain(1);
    const { withSite } = test.database;
    const change = { action: 'group.edited', subject, before: { a: 1 }, after: { a: 1 } } as const;
    await withSite(siteId, (tx) => recordAudit(tx, siteId, source, change));
    const failing = withSite(siteId, async (tx) => {
      await recordAudit(tx, siteId, source, { ...change, after: { a: 2 } });
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    expect(await check(siteId)).toMatchObject({ entries: 1, broken: null });
  });
});

describe('the routes', () => {
  it('list pages, newest first, by action, actor and time', async () => {
    const { app, site, call } = await createTestServer(test.database, [auditRoutes(test)], {
      slug: randomUUID(),
    });
    for (let number = 1; number <= 5; number += 1) await record(site.id, { number });
    const page = (await call('GET', 'audit?limit=2')).json();
    expect(page.items.map(({ number }: AuditView) => number)).toEqual([5, 4]);
    expect(page.items[0]).toMatchObject({
      sentence: 'Ada Lovelace made the group "DMZ"',
      address: '192.0.2.7',
      after: { number: 5 },
    });
    const second = (await call('GET', `audit?limit=2&after=${page.next}`)).json();
    expect(second.items.map(({ number }: AuditView) => number)).toEqual([3, 2]);
    const counts = [
      ['action=group.created', 5],
      ['action=group.deleted', 0],
      ['actor=LOVE', 5],
      ['actor=%25', 0],
      ['from=2999-01-01T00:00:00Z', 0],
      ['until=2999-01-01T00:00:00Z', 5],
    ] as const;
    for (const [query, count] of counts)
      expect((await call('GET', `audit?${query}`)).json().items, query).toHaveLength(count);
    expect((await call('GET', 'audit?action=nonsense')).statusCode).toBe(400);
    expect((await call('GET', 'audit/check')).json()).toMatchObject({ entries: 5, broken: null });
    const lines = (await call('GET', 'audit/export')).body.trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line).number)).toEqual([1, 2, 3, 4, 5]);
    await app.close();
  });

  it('export more than one piece', async () => {
    const siteId = await buildChain(3);
    const lines: string[] = [];
    for await (const line of exportChain(test.database, siteId)) lines.push(line);
    expect(lines).toHaveLength(3);
  });
});
