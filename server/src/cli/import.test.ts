import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildGroup, buildSite } from '../db/testing/build-site.ts';
import { createTestDatabase, type TestDatabase } from '../db/testing/test-database.ts';
import { selectEverything } from '../deltas/testing/queries.ts';
import { buildScanXml } from '../imports/testing/build-scan-xml.ts';
import { createImportCommand } from './import.ts';
import type { Surroundings } from './surroundings.ts';
import { runCommand } from './testing/run-command.ts';

let test: TestDatabase;
let folder: string;
let siteId: string;

const scanOf = (day: number, ...ports: number[]) =>
  buildScanXml({
    at: `2025-03-0${day}T02:00:00Z`,
    hosts: [{ address: '10.0.0.1', open: Object.fromEntries(ports.map((port) => [port, ''])) }],
  });

/** past/b.xml is older than past/deep/a.xml. */
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'netdelta-import-'));
  test = await createTestDatabase();
  ({ siteId } = await buildSite(test.database, { slug: 'acme' }));
  // Its profile is the one that new groups get.
  await buildGroup(test.database, siteId, { name: 'Lab' });
  await mkdir(path.join(folder, 'past', 'deep'), { recursive: true });
  await write('past/b.xml', scanOf(1, 22));
  await write('past/deep/a.xml', scanOf(2, 22, 80));
  await write('past/notes.txt', 'no scan');
  await write('bad.xml', '<nmaprun scanner="nmap" args="" start="1"><host></nmaprun>');
});
afterAll(async () => {
  await test.close();
  await rm(folder, { recursive: true, force: true });
});

const write = (name: string, text: string) => writeFile(path.join(folder, name), text);

async function run(args: readonly string[], overrides: Partial<Surroundings> = {}) {
  const environment = { DATABASE_URL: test.url, NETDELTA_DATA_DIR: folder };
  const words = args.map((word) => word.replace('@', folder));
  const said = await runCommand(createImportCommand, words, { environment, ...overrides });
  const clean = (text: string) => text.replaceAll(`${folder}/`, '');
  return { ...said, stdout: clean(said.stdout), stderr: clean(said.stderr) };
}

describe('netdelta import', () => {
  it('tries a folder first, then makes the group, then finds nothing new', async () => {
    const words = ['--group', 'Office', '--create', '@/past'];
    const empty = await selectEverything(test.database);
    const tried = await run([...words, '--dry-run']);
    expect(await selectEverything(test.database)).toEqual(empty);
    const lines = [
      "1 Mar 2025, 02:00 UTC  past/b.xml: 1 host up, 1 service; the group's first scan, which only learns",
      '2 Mar 2025, 02:00 UTC  past/deep/a.xml: 1 host up, 2 services; 1 delta (1 red)',
      '# 1 other files there are no scans',
    ];
    expect(tried.stdout.split('\n')).toEqual([
      ...lines,
      'would import 2 scans into the new group "Office" with 1 delta. Nothing was stored.',
    ]);
    const { code, stdout, stderr } = await run(words);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout.split('\n')).toEqual([
      ...lines,
      'imported 2 scans into the new group "Office" with 1 delta.',
    ]);
    const again = await run(['--group', 'office', '--site', 'acme', '@/past/*.xml']);
    expect([again.code, again.stdout.split('\n')]).toEqual([
      0,
      [
        'past/b.xml: this group has it already, as b.xml. Nothing changed.',
        'imported 0 scans into "Office" with 0 deltas, 1 there already.',
      ],
    ]);
  });

  it('tells a bad file and imports the rest: 2; reads standard input', async () => {
    const { code, stdout, stderr } = await run(
      ['--group', 'Mixed', '--create', '@/bad.xml', '-', '@/none.xml', '@/x*.xml'],
      { input: () => Readable.from([Buffer.from(scanOf(3, 22))]) },
    );
    expect(code).toBe(2);
    expect(stderr.split('\n')).toEqual([
      'x*.xml: no file matches this',
      expect.stringMatching(/^bad\.xml, line 1, column \d+: unexpected close tag\. Give XML/),
      'none.xml: there is no such file.',
    ]);
    expect(stdout.split('\n')).toEqual([
      expect.stringMatching(/ {2}standard input: 1 host up, 1 service;/),
      'imported 1 scan into the new group "Mixed" with 0 deltas, 3 that cannot be read.',
    ]);
  });

  it('leaves no group behind when nothing could be imported', async () => {
    const { code } = await run(['--group', 'Empty', '--create', '@/bad.xml']);
    expect(code).toBe(2);
    const { stderr } = await run(['--group', 'Empty', '@/past']);
    expect(stderr).toBe(
      'There is no group "Empty" in this site. There are: Lab, Mixed, Office. --create makes it.',
    );
  });

  it('prints one JSON object', async () => {
    const { stdout } = await run(['--group', 'Json', '--create', '--json', '@/past/b.xml']);
    expect(JSON.parse(stdout)).toMatchObject({
      ...{ site: 'acme', group: { name: 'Json', created: true }, dryRun: false },
      files: [{ outcome: 'imported', hostsUp: 1, at: '2025-03-01T02:00:00.000Z', ratings: {} }],
    });
  });

  it('shows how far it is on a terminal alone', async () => {
    const words = ['--group', 'Seen', '--create', '@/past/b.xml'];
    const { stderr } = await run(words, { terminal: true });
    expect(stderr).toContain('100 %  past/b.xml (1 of 1)');
  });

  it('stores nothing of the file at which it was stopped: 3', async () => {
    const { code, stderr } = await run(['--group', 'Stopped', '--create', '@/past'], {
      signal: AbortSignal.abort(),
    });
    expect([code, stderr]).toEqual([3, expect.stringMatching(/^Stopped\./)]);
  });

  it('refuses a time that is none', async () => {
    await expect(run(['--group', 'x', '--at', 'noon', '@/past'])).rejects.toThrow('Give a time');
  });
});
