import { buildOpen, buildSeen, buildUnanswered } from '@netdelta/core/host/build-observation.ts';
import { Command } from 'commander';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildGroup, buildSite } from '../../db/testing/build-site.ts';
import { createTestDatabase, type TestDatabase } from '../../db/testing/test-database.ts';
import { createScanner } from '../../deltas/testing/create-scanner.ts';
import { selectEverything } from '../../deltas/testing/queries.ts';
import { runCommand } from '../testing/run-command.ts';
import { diffStored, type StoredDiff } from './diff-stored.ts';

const [A, B] = ['127.1.0.1', '127.1.0.2'] as const;
let test: TestDatabase;
let slug: string;
const scans: string[] = [];

beforeAll(async () => {
  test = await createTestDatabase();
  const site = await buildSite(test.database, { timeZone: 'Europe/Berlin' });
  ({ slug } = site);
  const targets = JSON.stringify([{ kind: 'range', text: 'x', first: A, last: B }]);
  const rules = { down_after: 1, service_down_after: 1, address_count: 2, targets };
  const { id } = await buildGroup(test.database, site.siteId, { ...rules, name: 'Office' });
  const scanner = await createScanner(test);
  const silent = buildUnanswered({ address: B, covered: { tcp: [[1, 1000]], udp: [] } });
  const seen = (ports: number[], covered: number[]) =>
    buildSeen(
      ports.map((port) => buildOpen(port)),
      { address: A, covered },
    );
  for (const look of [
    [seen([22, 80], [22, 80]), silent],
    [
      seen([22, 443], [22, 80, 443]),
      buildSeen([buildOpen(22)], { address: B, names: ['b\u001b.test'] }),
    ],
  ])
    scans.push(await scanner.scan({ ...site, groupId: id }, look));
  await scanner.close();
});
afterAll(() => test.close());

async function diff(before: string, after: string, more: Partial<StoredDiff> = {}) {
  const create = (surroundings: Parameters<typeof diffStored>[1]) =>
    new Command().action(() =>
      diffStored({ before, after, group: 'office', ...more }, surroundings),
    );
  return runCommand(create, [], { environment: { DATABASE_URL: test.url } });
}

describe('netdelta diff of stored scans', () => {
  it('says what changed, and what cannot be told, and changes nothing: 1', async () => {
    const rows = await selectEverything(test.database);
    const { code, stdout } = await diff('1', '#2', { site: slug });
    expect(code).toBe(1);
    const lines = stdout.replace(/\d+ \w+ \d{4}, \d\d:\d\d CES?T/g, 'THEN').split('\n');
    expect(lines).toEqual([
      `- THEN (scan ${scans[0]})`,
      `+ THEN (scan ${scans[1]})`,
      '',
      `  ${A}`,
      '-   tcp/80     open',
      '+   tcp/80     closed    (reset)',
      '',
      `# ${A}: tcp/443 had not been asked by THEN: not compared`,
      `+ ${B} (b\\x1b.test) is up`,
      '+   tcp/22     open',
      '',
      '# differences: 2',
    ]);
    expect(await selectEverything(test.database)).toEqual(rows);
  });

  it('finds no difference in the same: 0', async () => {
    const { code, stdout } = await diff('2', 'now');
    expect(code).toBe(0);
    expect(stdout).toMatch(/# no differences$/);
  });

  it('prints one JSON object', async () => {
    const { code, stdout } = await diff(scans[0] ?? '', scans[1] ?? '', {
      json: true,
      group: undefined,
    });
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      from: { scanId: scans[0] },
      to: { scanId: scans[1] },
      hosts: [
        {
          address: A,
          changes: [{ kind: 'service.closed', port: 80 }],
          gaps: [{ endpoint: 'tcp/443' }],
        },
        { address: B, changes: [{ kind: 'host.new' }], gaps: [] },
      ],
      counts: { changes: 2, hosts: 2, gaps: 1 },
    });
    expect(JSON.parse((await diff('2', '2', { json: true })).stdout)).toMatchObject({ hosts: [] });
  });

  it('says all that is wrong with the instants: 2', async () => {
    const { code, stderr } = await diff('yesterday', '9');
    expect(code).toBe(2);
    expect(stderr.split('\n')).toEqual([
      expect.stringMatching(/^A: "yesterday" is no instant: give a scan/),
      'B: is not the number of a scan of this group',
    ]);
  });

  it.each([
    [{ site: 'none' }, 'There is no site "none".'],
    [{ group: 'Factory' }, 'There is no group "Factory" in this site. There are: Office.'],
  ])('knows what is not there: %o', async (more, message) => {
    const { code, stderr } = await diff('1', '2', more);
    expect([code, stderr]).toEqual([2, message]);
  });
});
