import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildSite } from '../../db/testing/build-site.ts';
import {
  createTestDatabase,
  createTestQueue,
  type TestDatabase,
} from '../../db/testing/test-database.ts';
import { settleSite } from '../../isolation/testing/settle-site.ts';
import { createSiteCommand } from '../site.ts';
import { runCommand } from '../testing/run-command.ts';

let test: TestDatabase;
let folder: string;
beforeAll(async () => {
  test = await createTestDatabase();
  await (await createTestQueue(test.database)).stop(1_000);
  const site = await buildSite(test.database, { slug: 'acme', name: 'Acme Corp' });
  await settleSite(test.database, { ...site, marker: 'ACME' });
  folder = await mkdtemp(path.join(tmpdir(), 'netdelta-delete-'));
});
afterAll(async () => {
  await test.close();
  await rm(folder, { recursive: true });
});

const site = (args: readonly string[], input = '') =>
  runCommand(createSiteCommand, args, {
    environment: { DATABASE_URL: test.url },
    input: () => Readable.from([Buffer.from(input)]),
  });
const stateOf = async () => JSON.parse((await site(['list', '--json'])).stdout)[0]?.state;
const NAMED = ['--name', 'Acme Corp'];

describe('netdelta site set', () => {
  it('says and sets what a site is granted', async () => {
    const set = await site(['set', 'acme', '--group-limit', '3', '--running-scans', '2', '--json']);
    expect(JSON.parse(set.stdout)).toEqual({
      ...{ targetLimit: 65_536, groupLimit: 3, runningScanLimit: 2, importLimit: 2 },
    });
    expect((await site(['set', 'acme', '--running-scans', 'none'])).stdout).toContain('no limit');
    expect((await site(['set', 'acme'])).stdout).toContain('3');
  });

  it.each([
    [['--group-limit', '0'], '--group-limit'],
    [['--target-limit', 'many'], '--target-limit'],
    [['--running-scans', '2.5'], '--running-scans'],
  ])('refuses %s', async (args, words) => {
    const { code, stderr } = await site(['set', 'acme', ...args]);
    expect([code, stderr]).toEqual([2, expect.stringContaining(words)]);
  });
});

describe('netdelta site delete', () => {
  it.each([
    [['delete', 'nowhere', '--no-export'], 'no site "nowhere"'],
    [['delete', 'acme'], 'exported before it is deleted (--export FILE)'],
    [
      ['delete', 'acme', '--no-export', '--name', 'acme'],
      'is not the name of this site, "Acme Corp"',
    ],
    [['restore', 'acme'], 'not deactivated'],
  ])('refuses with 2: %s', async (args, words) => {
    const { code, stderr } = await site(args, '\n');
    expect([code, stderr]).toEqual([2, expect.stringContaining(words)]);
    expect(await stateOf()).toBe('active');
  });

  it('keeps the data where that is wished, and restores', async () => {
    const ended = await site(['delete', 'acme', '--keep-data'], 'Acme Corp\n');
    expect([ended.code, ended.stdout]).toEqual([0, '']);
    expect(ended.stderr).toContain('netdelta site restore acme');
    expect(await stateOf()).toBe('deactivated');
    expect((await site(['restore', 'acme'])).code).toBe(0);
    expect(await stateOf()).toBe('active');
  });

  it('lets the site be used again when it cannot be exported', async () => {
    const file = path.join(folder, 'no', 'such', 'folder');
    const { code, stderr } = await site(['delete', 'acme', '--export', file, ...NAMED]);
    expect([code, stderr]).toEqual([3, expect.stringContaining('Nothing was deleted')]);
    expect(await stateOf()).toBe('active');
  });

  it('exports all of it and its audit log, then deletes it', async () => {
    const file = path.join(folder, 'acme.ndjson');
    const { code, stderr } = await site(['delete', 'acme', '--export', file, ...NAMED]);
    expect([code, stderr]).toEqual([0, expect.stringContaining('/acme/ is deleted.')]);
    const lines = (await readFile(file, 'utf8')).trim().split('\n');
    expect(JSON.parse(lines.at(-1) ?? '')).toMatchObject({ type: 'end', counts: { group: 1 } });
    const chain = (await readFile(`${file}.audit.ndjson`, 'utf8')).trim().split('\n');
    expect(JSON.parse(chain.at(-1) ?? '')).toMatchObject({ action: 'site.deactivated' });
    expect((await stat(`${file}.audit.ndjson`)).mode & 0o777).toBe(0o600);
    expect((await site(['list'])).stdout).toBe('');
  });
});
