import { randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { PLATFORM_LOG } from '../../audit/platform-log.ts';
import { recordAudit } from '../../audit/record-audit.ts';
import { changeEntries } from '../../audit/testing/queries.ts';
import { createTestDatabase, type TestDatabase } from '../../db/testing/test-database.ts';
import { createAuditCommand } from '../audit.ts';
import { runCommand } from '../testing/run-command.ts';
import type { SiteCheck } from './report.ts';

let test: TestDatabase;
let folder: string;
/** The ids of the sites a and b, and of one that is gone. */
let sites: { a: string; b: string; gone: string };
beforeAll(async () => {
  test = await createTestDatabase();
  folder = await mkdtemp(path.join(tmpdir(), 'netdelta-test-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true });
  await test.close();
});

const source = {
  actor: { kind: 'person', id: 'u1', name: 'Ada Lovelace' },
  ...{ address: '192.0.2.7', userAgent: null },
} as const;

async function record(siteId: string, entries: number): Promise<void> {
  const odd = JSON.parse('{"__proto__":{"x":1},"zero":-0,"text":"ü\\u001b[2J"}');
  for (let number = 1; number <= entries; number += 1)
    await test.database.withSite(siteId, (tx) =>
      recordAudit(tx, siteId, source, {
        action: 'group.created',
        subject: { kind: 'group', id: 'g', name: 'DMZ' },
        after: { number, odd },
      }),
    );
}

beforeEach(async () => {
  const { pool } = test.database;
  await pool.query(`alter table audit_entries disable trigger append_only;
    delete from audit_entries; delete from sites;
    alter table audit_entries enable trigger append_only`);
  const make = async (slug: string) => {
    const { rows } = await pool.query(
      'insert into sites (slug, name) values ($1, $1) returning id',
      [slug],
    );
    return String(rows[0].id);
  };
  sites = { a: await make('a'), b: await make('b'), gone: randomUUID() };
  await record(sites.a, 5);
  await record(sites.gone, 2);
});

const run = (args: readonly string[], input = '') =>
  runCommand(createAuditCommand, args, {
    environment: { DATABASE_URL: test.url },
    input: () => Readable.from([Buffer.from(input)]),
  });
const change = (siteId: string, statement: string) =>
  changeEntries(test.database, siteId, statement);
const TAMPER = `update audit_entries set after = '{"number": 9}' where number = 3`;

describe('netdelta audit verify', () => {
  it('says of every site, also of one that is gone, that it is whole', async () => {
    const { code, stdout } = await run(['verify']);
    expect(code).toBe(0);
    expect(stdout.split('\n')).toEqual([
      expect.stringMatching(/^\/a\/ {2}whole: 5 entries; the last hash is [0-9a-f]{64}$/),
      '/b/  no entries',
      expect.stringMatching(new RegExp(`^site ${sites.gone} {2}whole: 2 entries`)),
    ]);
  });

  it.each([
    ['was changed', TAMPER, 3, 'is not what was written'],
    ['was deleted', 'delete from audit_entries where number = 2', 2, 'is missing'],
    [
      'has a time that nobody wrote',
      `update audit_entries set at = 'infinity' where number = 4`,
      4,
      'is not',
    ],
  ])('names the first entry that %s', async (_what, statement, number, why) => {
    await change(sites.a, statement);
    const { code, stdout } = await run(['verify', '--json']);
    expect(code).toBe(1);
    const checks: SiteCheck[] = JSON.parse(stdout).sites;
    expect(checks[0]).toMatchObject({ site: 'a', siteId: sites.a, entries: number - 1 });
    expect(checks[0]?.broken).toMatchObject({ number, message: expect.stringContaining(why) });
    expect(checks.slice(1).map(({ broken }) => broken)).toEqual([null, null]);
  });

  it('has a chain of the platform, too', async () => {
    await record(PLATFORM_LOG, 2);
    const { code, stdout } = await run(['verify', '--site', 'platform']);
    expect([code, stdout]).toEqual([0, expect.stringMatching(/^the platform {2}whole: 2 entries/)]);
    expect((await run(['verify'])).stdout).toContain('the platform  whole');
  });

  it('of one site asks nothing of the others', async () => {
    await change(sites.a, TAMPER);
    expect((await run(['verify', '--site', 'b'])).code).toBe(0);
    expect((await run(['verify', '--site', sites.gone])).code).toBe(0);
    expect((await run(['verify', '--site', 'a'])).stdout).toBe(
      '/a/  BROKEN. Entry 3 is not what was written, or one before it was replaced. 2 entries before it are whole.',
    );
    const { code, stderr } = await run(['verify', '--site', 'none']);
    expect([code, stderr]).toEqual([2, expect.stringContaining('There is no site "none"')]);
  });

  it('finds by a hash noted earlier that the end was cut off', async () => {
    const { lastHash } = JSON.parse((await run(['verify', '--site', 'a', '--json'])).stdout)
      .sites[0];
    const noted = ['verify', '--site', 'a', '--noted', lastHash];
    expect((await run(noted)).code).toBe(0);
    await record(sites.a, 2);
    expect((await run(noted)).code).toBe(0);
    await change(sites.a, 'delete from audit_entries where number >= 5');
    expect((await run(['verify', '--site', 'a'])).code).toBe(0);
    const { code, stderr } = await run(noted);
    expect([code, stderr]).toEqual([1, expect.stringMatching(/^No entry has the hash .* cut off/)]);
  });
});

describe('netdelta audit export', () => {
  const exportTo = async (...args: string[]) => {
    const file = path.join(folder, `${randomUUID()}.ndjson`);
    expect((await run(['export', '-o', file, ...args])).code).toBe(0);
    return file;
  };

  it('writes what can be verified without the database', async () => {
    const file = await exportTo();
    const before = await run(['verify']);
    await change(sites.a, TAMPER);
    const { code, stdout } = await runCommand(createAuditCommand, ['verify', file], {
      environment: {},
    });
    expect(code).toBe(0);
    // As the database was; a site without entries has no lines.
    const hashes = (text: string) => text.match(/[0-9a-f]{64}/g);
    expect(hashes(stdout)).toEqual(hashes(before.stdout));
    const text = await readFile(file, 'utf8');
    expect((await run(['verify', '-'], text)).code).toBe(0);
    const lines = text.trimEnd().split('\n');
    expect(lines).toHaveLength(7);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ siteId: sites.a, number: 1 });
  });

  it.each([
    [
      'a line was changed',
      (lines: string[]) => lines.with(2, lines[2]?.replace('DMZ', 'LAN') ?? ''),
      1,
    ],
    ['a line was taken out', (lines: string[]) => lines.toSpliced(1, 1), 1],
    [
      'two were exchanged',
      (lines: string[]) => lines.with(0, lines[1] ?? '').with(1, lines[0] ?? ''),
      1,
    ],
    ['it has something else', (lines: string[]) => [...lines, '{"x": 1}'], 2],
    ['it is no JSON', () => ['x'], 2],
    ['it is as it was written', (lines: string[]) => lines, 0],
  ])('when %s, a file is judged so', async (_what, edit, expected) => {
    const file = await exportTo('--site', 'a');
    const lines = (await readFile(file, 'utf8')).trimEnd().split('\n');
    await writeFile(file, `${edit(lines).join('\n')}\n`);
    const { code, stderr } = await run(['verify', file, await exportTo('--site', sites.gone)]);
    expect(code).toBe(expected);
    if (expected === 2) expect(stderr).toMatch(/\.ndjson:\d+ is no line of an exported audit log/);
  });

  it('of what is not there says so', async () => {
    expect((await run(['export', '--site', 'none'])).code).toBe(2);
    const { code, stderr } = await run(['verify', path.join(folder, 'none')]);
    expect([code, stderr]).toEqual([3, expect.stringContaining('ENOENT')]);
  });
});
