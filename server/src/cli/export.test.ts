import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable, Writable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { buildGroup, buildSite } from '../db/testing/build-site.ts';
import { createTestDatabase, type TestDatabase } from '../db/testing/test-database.ts';
import { createExportCommand } from './export.ts';
import { createImportCommand } from './import.ts';
import { runCommand } from './testing/run-command.ts';

const MAIN = new URL('../main.ts', import.meta.url).pathname;
const MANY = 30_000;

let test: TestDatabase;
let folder: string;
let email: string;

/** A site "one" with a group "Office" of many hosts. */
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'netdelta-export-'));
  test = await createTestDatabase();
  email = 'olga@example.test';
  const { siteId } = await buildSite(test.database, { slug: 'one', email });
  const { id } = await buildGroup(test.database, siteId, { name: 'Office' });
  await test.database.pool.query(
    `insert into hosts (site_id, group_id, address, status, reason, status_since)
     select $1, $2, '10.0.0.0'::inet + n, 3, 'syn-ack', now() from generate_series(1, ${MANY}) as n`,
    [siteId, id],
  );
});
afterAll(async () => {
  await test.close();
  await rm(folder, { recursive: true, force: true });
});

const environment = () => ({ DATABASE_URL: test.url, NETDELTA_DATA_DIR: folder });
const exportSite = (args: readonly string[], overrides = {}) =>
  runCommand(createExportCommand, args, { environment: environment(), ...overrides });
const importFile = (args: readonly string[], overrides = {}) =>
  runCommand(createImportCommand, args, { environment: environment(), ...overrides });

describe('netdelta export', () => {
  it('writes NDJSON of the only site to standard output, and nothing else', async () => {
    const { code, stdout, stderr } = await exportSite([]);
    expect([code, stderr]).toEqual([0, '']);
    const lines = stdout.trimEnd().split('\n');
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ type: 'export', site: { slug: 'one' } });
    expect(JSON.parse(lines.at(-1) ?? '').counts).toMatchObject({ group: 1, host: MANY });
  });

  it.each([
    [['--format', 'csv'], /^groupId,groupName,address,/],
    [['--format', 'csv', '--what', 'scans', '--group', 'office'], /^id,groupId,/],
    [['--format', 'xml', '--site', 'one'], /^<\?xml version="1.0"/],
  ])('writes what %j asks for', async (args, form) => {
    const { code, stdout } = await exportSite(args);
    expect(code).toBe(0);
    expect(stdout).toMatch(form);
  });

  it('writes a file that only its owner reads, and tells how far it is on a terminal', async () => {
    const file = path.join(folder, 'all.ndjson');
    const { code, stderr } = await exportSite(['-o', file], { terminal: true });
    expect([code, stderr.endsWith('\r\u001b[K')]).toEqual([0, true]);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect((await readFile(file, 'utf8')).trimEnd().split('\n')).toHaveLength(MANY + 5);
  });

  it.each([
    [['--site', 'two'], 2, 'There is no site "two".'],
    [['--group', 'Attic'], 2, 'There is no group "Attic" in this site. There are: Office.'],
    [
      ['-o', '/nowhere/x'],
      3,
      "/nowhere/x cannot be written (ENOENT: no such file or directory, open '/nowhere/x.part').",
    ],
  ])('says what is wrong with %j', async (args, code, said) => {
    const outcome = await exportSite(args);
    expect([outcome.code, outcome.stderr, outcome.stdout]).toEqual([code, said, '']);
  });

  it('ends by Ctrl-C, leaves no file, and no query goes on: 3', async () => {
    const stop = new AbortController();
    const output = new Writable({ highWaterMark: 1, write: () => stop.abort() });
    const outcome = await exportSite([], { signal: stop.signal, output: () => output });
    expect([outcome.code, outcome.stderr]).toEqual([3, 'Stopped. What was written is not whole.']);
    const file = path.join(folder, 'stopped.ndjson');
    const stopped = await exportSite(['-o', file], { signal: AbortSignal.abort() });
    expect(stopped.code).toBe(3);
    expect((await readdir(folder)).filter((name) => name.startsWith('stopped'))).toEqual([]);
    const select =
      "select count(*)::int as count from pg_stat_activity where state = 'active' and query like 'copy%'";
    await vi.waitFor(async () =>
      expect((await test.database.pool.query(select)).rows[0].count).toBe(0),
    );
  });

  it('is not disturbed by a reader that has enough: 0', async () => {
    const env = { ...process.env, ...environment() };
    const child = spawn(process.execPath, [MAIN, 'export'], { env });
    const errors: Buffer[] = [];
    child.stderr.on('data', (piece) => errors.push(piece));
    await once(child.stdout, 'data');
    child.stdout.destroy();
    const [code] = await once(child, 'exit');
    expect([code, Buffer.concat(errors).toString()]).toEqual([0, '']);
  });
});

describe('netdelta import of an export', () => {
  it('restores what is piped in, into a new site', async () => {
    const { stdout } = await exportSite([]);
    const input = () =>
      Readable.from([Buffer.from(stdout.slice(0, 10)), Buffer.from(stdout.slice(10))]);
    const { code, stdout: said } = await importFile(['-', '--site', 'piped'], { input });
    expect(code).toBe(0);
    expect(said.replace(/at \S+Z/, 'at THEN')).toBe(
      'Restored one, as it was at THEN, into the new site piped.\n' +
        'Lines by type: 1 settings, 1 profile, 1 group, 30,000 host.',
    );
    const { stdout: again } = await exportSite(['--site', 'piped']);
    expect(again.split('\n').filter((line) => line.includes('"type":"host"'))).toEqual(
      stdout.split('\n').filter((line) => line.includes('"type":"host"')),
    );
  });

  it('lists what is wrong and stores nothing: 2', async () => {
    const file = path.join(folder, 'bad.ndjson');
    const { stdout } = await exportSite(['--site', 'one']);
    await writeFile(file, stdout.replaceAll('"UP"', '"SIDEWAYS"'));
    const { code, stderr } = await importFile([file, '--site', 'bad', '--owner', email]);
    const lines = stderr.split('\n');
    expect([code, lines.length, lines.at(-1)]).toEqual([2, 22, 'Nothing was stored.']);
    expect(lines[0]).toContain(`${file}: line 5: host.status: Invalid option`);
    expect(lines[20]).toBe('… and 29,980 more.');
    const sites = await test.database.pool.query("select from sites where slug = 'bad'");
    expect(sites.rowCount).toBe(0);
  });

  it.each([[MAIN, /^Name the group that shall have this history with --group\.$/]])(
    'refuses %s: 2',
    async (file, said) => {
      const { code, stderr } = await importFile([file, '--site', 'x']);
      expect([code, stderr]).toEqual([2, expect.stringMatching(said)]);
    },
  );

  it('asks which site shall hold it, and which name a site can have: 2', async () => {
    const { stdout } = await exportSite(['--site', 'one']);
    const input = () => Readable.from([Buffer.from(stdout)]);
    const nowhere = await importFile(['-'], { input });
    const said = '- is an export of NetDelta. Name the site that shall hold it with --site.';
    expect([nowhere.code, nowhere.stderr]).toEqual([2, said]);
    const unnamed = await importFile(['-', '--site', 'No Site'], { input });
    expect([unnamed.code, unnamed.stderr]).toEqual([
      2,
      expect.stringContaining('lower-case letters'),
    ]);
  });
});
