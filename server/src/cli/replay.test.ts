import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { buildOpen, buildSeen, buildUnanswered } from '@netdelta/core/host/build-observation.ts';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDatabase } from '../db/database.ts';
import { startEmbedded } from '../db/embedded.ts';
import { migrate } from '../db/migrate.ts';
import { buildGroup, buildSite } from '../db/testing/build-site.ts';
import { createTestDatabase, type TestDatabase } from '../db/testing/test-database.ts';
import { createScanner } from '../deltas/testing/create-scanner.ts';
import { selectEverything } from '../deltas/testing/queries.ts';
import { createReplayCommand } from './replay.ts';
import { runCommand } from './testing/run-command.ts';

const HERE = '127.0.1.1';
const log = pino({ level: 'silent' });

let test: TestDatabase;
let folder: string;
let slug: string;

/** A group "Office" with downAfter 1: up, silent for two scans. */
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'netdelta-replay-'));
  test = await createTestDatabase();
  const site = await buildSite(test.database, { timeZone: 'Europe/Berlin' });
  ({ slug } = site);
  const rules = { name: 'Office', down_after: 1, service_down_after: 1 };
  const group = await buildGroup(test.database, site.siteId, rules);
  const scanner = await createScanner(test);
  const silent = buildUnanswered({ address: HERE, covered: { tcp: [[1, 1000]], udp: [] } });
  for (const seen of [buildSeen([buildOpen(22)], { address: HERE }), silent, silent])
    await scanner.scan({ ...site, groupId: group.id }, [seen]);
  await scanner.close();
});
afterAll(async () => {
  await test.close();
  await rm(folder, { recursive: true, force: true });
});

async function policy(text: object | string): Promise<string> {
  const file = path.join(folder, 'policy.json');
  await writeFile(file, typeof text === 'string' ? text : JSON.stringify(text));
  return file;
}

async function replay(given: object | string, args: readonly string[] = [], environment = {}) {
  const words = ['--group', 'office', '--policy', await policy(given), ...args];
  return runCommand(createReplayCommand, words, {
    environment: { DATABASE_URL: test.url, NETDELTA_DATA_DIR: folder, ...environment },
  });
}

describe('netdelta replay', () => {
  it('finds the same by the same rules: 0', async () => {
    const { code, stdout } = await replay({ downAfter: 1 });
    expect(code).toBe(0);
    expect(stdout).toMatch(/over 2 scans: told 1, would have told the same$/);
  });

  it('prints what differs and the sum, and changes nothing: 1', async () => {
    const before = await selectEverything(test.database);
    const { code, stdout } = await replay({ downAfter: 2 }, ['--site', slug]);
    expect(code).toBe(1);
    const lines = stdout.replace(/\d+ \w+ \d{4}, \d\d:\d\d CES?T/g, 'THEN').split('\n');
    expect(lines.map((line) => line.replace(/ {2,}/g, '  '))).toEqual([
      'scan  told  would tell',
      'THEN  1  0',
      '  - 127.0.1.1 went down: silent for 1 scan since THEN [held: silent in 1 scan, the rule says 2; told 1 scan later]',
      'THEN  0  1',
      '  + 127.0.1.1 went down: silent for 2 scans since THEN [silent in 2 scans in a row, as the rule says]',
      '',
      '# the scan of THEN is the first: it only learns',
      'over 2 scans: told 1, would have told 1: 0 less, 0 more; 1 told later',
    ]);
    expect(await selectEverything(test.database)).toEqual(before);
  });

  it('prints one JSON object', async () => {
    const { code, stdout } = await replay({ downAfter: 10 }, ['--json', '--scans', '2']);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ policy: { downAfter: 10 }, unstored: 0 });
  });

  it.each<[what: string, given: object | string, said: string[]]>([
    [
      'wrong in many places',
      { downAfter: 0, serviceDownAfter: 'never', dwon: 1 },
      [
        'downAfter: give "evidence" or a whole number from 1 to 10',
        'serviceDownAfter: give "evidence" or a whole number from 1 to 10',
        'dwon: is not known; there are downAfter, serviceDownAfter, historyWindow',
      ],
    ],
    ['no JSON', 'downAfter: 3', ['has to be a JSON object, such as {"downAfter": 3}']],
    ['empty', {}, ['name at least one of downAfter, serviceDownAfter and historyWindow']],
  ])('refuses a policy that is %s: 2', async (_what, given, said) => {
    const { code, stderr } = await replay(given);
    expect(code).toBe(2);
    const file = path.join(folder, 'policy.json');
    expect(stderr.split('\n')).toEqual(said.map((one) => `${file}: ${one}`));
  });

  it.each<[what: string, args: string[], said: RegExp]>([
    [
      'group',
      ['--group', 'Attic'],
      /^There is no group "Attic" in this site. There are: Office\.$/,
    ],
    ['site', ['--site', 'nowhere'], /^There is no site "nowhere"\.$/],
    ['policy', ['--policy', '/nowhere/p.json'], /^\/nowhere\/p\.json cannot be read: ENOENT/],
  ])('refuses a %s that is not there: 2', async (_what, args, said) => {
    const { code, stderr } = await replay({ downAfter: 1 }, args);
    expect([code, stderr]).toEqual([2, expect.stringMatching(said)]);
  });

  it('refuses a number of scans out of range', async () => {
    await expect(replay({ downAfter: 1 }, ['--scans', '1001'])).rejects.toThrow('from 1 to 1000');
  });

  it('says when there is no database yet, and makes none: 3', async () => {
    const environment = { DATABASE_URL: '' };
    const { code, stderr } = await replay({ downAfter: 1 }, [], environment);
    expect([code, stderr]).toEqual([3, expect.stringMatching(/^There is no database in /)]);
  });

  it('works beside a running program on its embedded database, and without it', async () => {
    const environment = { DATABASE_URL: '' };
    const embedded = await startEmbedded(folder, { log, volatile: true });
    const database = createDatabase(embedded.url, { log });
    await migrate(database);
    await buildSite(database);
    await database.close();
    const beside = await replay({ downAfter: 1 }, [], environment);
    await embedded.stop();
    const alone = await replay({ downAfter: 1 }, [], environment);
    const said = 'There is no group "office": this site has none yet.';
    expect([beside.stderr, beside.code]).toEqual([said, 2]);
    expect([alone.stderr, alone.code]).toEqual([said, 2]);
  });
});
