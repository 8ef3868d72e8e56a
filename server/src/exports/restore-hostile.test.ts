import { randomUUID } from 'node:crypto';
import { zstdCompressSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { writeAddressSet } from '../db/address-set.ts';
import { buildGroup, buildSite } from '../db/testing/build-site.ts';
import { createTestDatabase, type TestDatabase } from '../db/testing/test-database.ts';
import { selectEverything } from '../deltas/testing/queries.ts';
import { restoreExport } from './restore.ts';
import { type AnyLine, parseLines, readExport } from './testing/read-export.ts';

let test: TestDatabase;
let victim: { siteId: string; slug: string };
let victimGroup: string;
let slug: string;
/** A small export that is sound. */
let lines: AnyLine[];

const AT = '2026-11-24T02:00:00+00:00';
const SCAN = randomUUID();
const HERE = '127.0.1.1';

beforeAll(async () => {
  test = await createTestDatabase();
  const { database } = test;
  victim = await buildSite(database, { slug: 'victim' });
  victimGroup = (await buildGroup(database, victim.siteId)).id;
  await database.system
    .insertInto('hosts')
    .values({
      ...{ site_id: victim.siteId, group_id: victimGroup, address: HERE },
      ...{ status: 3, reason: 'syn-ack', status_since: AT },
    })
    .execute();
  const source = await buildSite(database, { slug: 'source' });
  const group = await buildGroup(database, source.siteId, { recipients: ['a@example.org'] });
  const place = { site_id: source.siteId, group_id: group.id };
  await database.system
    .insertInto('scans')
    .values({
      ...place,
      ...{ id: SCAN, status: 'running', trigger: 'person', started_by: null, schedule_id: null },
      ...{ profile_name: 'P', options: '{}', down_after: 3, started_at: AT },
    })
    .execute();
  await database.system
    .insertInto('shards')
    .values({
      ...{ site_id: source.siteId, scan_id: SCAN, number: 0 },
      ...{ addresses: writeAddressSet([HERE]), address_count: 1, names: '{}', status: 'running' },
    })
    .execute();
  await database.system
    .insertInto('hosts')
    .values({ ...place, address: HERE, status: 3, reason: 'syn-ack', status_since: AT })
    .execute();
  await database.system
    .insertInto('host_intervals')
    .values({ ...place, address: HERE, status: 3, valid_from: AT, valid_to: null, scan_id: SCAN })
    .execute();
  const site = { id: source.siteId, slug: 'source', name: 'Source' };
  lines = parseLines(await readExport(database, site));
});
beforeEach(async () => {
  ({ slug } = await buildSite(test.database));
});
afterAll(() => test.close());

const toText = (given: readonly AnyLine[]) =>
  given.map((line) => `${JSON.stringify(line)}\n`).join('');

/** The sound export with lines of one type altered. */
function alter(type: string, change: (line: AnyLine) => AnyLine | AnyLine[]): string {
  return toText(lines.flatMap((line) => (line.type === type ? change(line) : line)));
}

function restore(text: string, wish: { slug?: string; owner?: string; signal?: AbortSignal } = {}) {
  async function* read() {
    yield Buffer.from(text);
  }
  const { signal } = new AbortController();
  return restoreExport(test.database, { slug, by: 'root', signal, ...wish }, read());
}

const numberOf = (type: string) => lines.findIndex((line) => line.type === type) + 1;

it('takes the sound one; what still ran is cancelled, as nobody goes on with it', async () => {
  const outcome = await restore(toText(lines));
  expect(outcome).toMatchObject({ ok: true, made: false, counts: { group: 1, host: 1, shard: 1 } });
  const { rows } = await test.database.pool.query(
    'select s.status, s.problems, h.status as shard from scans s join shards h using (site_id) join sites on sites.id = site_id where slug = $1',
    [slug],
  );
  const problem = { what: 'export', message: 'It had not ended when it was exported.' };
  expect(rows).toEqual([{ status: 'cancelled', problems: [problem], shard: 'cancelled' }]);
});

describe('a file that is not sound', () => {
  it.each<[what: string, text: () => string, problems: (string | RegExp)[]]>([
    ['empty', () => '', ['line 1: is not the first line of an export of NetDelta']],
    ['of something else', () => '<nmaprun>\n', [/^line 1: is not the first line of an export/]],
    [
      'of a later version',
      () => alter('export', (line) => ({ ...line, version: 2 })),
      ['line 1: export.version: is of another version than this NetDelta reads'],
    ],
    [
      'cut off between lines',
      () => toText(lines.slice(0, -1)),
      [/^line \d+: is the last one, but not the end of the export: the file is cut off/],
    ],
    [
      'cut off within a line',
      () => toText(lines).slice(0, -20),
      [/^line \d+: is no JSON object$/, /the file is cut off/],
    ],
    [
      'without a line that the end counts',
      () => toText(lines.filter(({ type }) => type !== 'hostInterval')),
      [/tells of 1 lines of type hostInterval, and the file holds 0$/],
    ],
    [
      'going on after its end',
      () => `${toText(lines)}{"type":"delta"}\n`,
      [/stands after the last line/],
    ],
    [
      'with an unknown type',
      () => alter('host', (line) => [line, { type: 'members', user: 'x' }]),
      [`line ${0}: has a type that is not known: "members"`],
    ],
    [
      'with fields that are not known or missing',
      () => alter('hostInterval', ({ from: _from, ...line }) => ({ ...line, site_id: 'x' })),
      [/hostInterval\.from: Invalid input/, /Unrecognized key: "site_id"/],
    ],
    [
      'out of order',
      () => toText([lines[0], ...lines.slice(1).reverse()] as AnyLine[]),
      [/stands after the last line/],
    ],
    [
      'that holds what no database stores',
      () => alter('group', (line) => ({ ...line, owner: 'a\u0000b' })),
      [/holds U\+0000 or half a character/],
    ],
    [
      'with bad targets',
      () => alter('group', (line) => ({ ...line, targets: '010.0.0.1' })),
      [/^line \d+: group\.targets: line 1: /],
    ],
    [
      'with a host twice',
      () => alter('host', (line) => [line, line]),
      [/^line \d+: host: is there twice, or its name is taken in this site$/],
    ],
    [
      'with a sight that unpacks to gigabytes',
      () =>
        alter('shard', (line) => {
          const bomb = zstdCompressSync(Buffer.alloc(300_000_000));
          return { ...line, sight: bomb.toString('base64') };
        }),
      [/sight: is not what NetDelta packed/],
    ],
    [
      'with a shard of more addresses than it says',
      () => alter('shard', (line) => ({ ...line, addresses: '{[10.0.0.0,11.0.0.0)}' })),
      [/^line \d+: shard\.addresses: are not as many as addressCount says/],
    ],
    [
      'nested without an end',
      () => `${toText(lines.slice(0, 1))}${'{"a":'.repeat(200_000)}1${'}'.repeat(200_000)}\n`,
      [/^line 2: /, /cut off/],
    ],
  ])('is refused whole when it is %s', async (_what, text, problems) => {
    const before = await selectEverything(test.database);
    const outcome = await restore(text());
    expect(outcome.ok).toBe(false);
    if (outcome.ok) return;
    for (const [index, problem] of problems.entries())
      expect(outcome.problems[index]?.replace(/^line \d+: has a/, 'line 0: has a')).toMatch(
        problem,
      );
    expect(await selectEverything(test.database)).toEqual(before);
  });

  it('tells the first twenty problems and how many there are', async () => {
    const text = alter('hostInterval', (line) =>
      Array.from({ length: 30 }, () => ({ ...line, status: 'GONE' })),
    );
    const outcome = await restore(text);
    if (outcome.ok) throw new Error('it was taken');
    expect([outcome.problems.length, outcome.count]).toEqual([20, 30]);
    expect(outcome.problems[0]).toMatch(
      new RegExp(`^line ${numberOf('hostInterval')}: hostInterval\\.status: `),
    );
  });
});

it('keeps no interval of a host that is not there', async () => {
  const without = lines
    .filter(({ type }) => type !== 'host')
    .map((line) => (line.type === 'end' ? { ...line, counts: { ...line.counts, host: 0 } } : line));
  const outcome = await restore(toText(without));
  expect(outcome).toMatchObject({ ok: false, count: 1 });
  expect(outcome.ok ? '' : outcome.problems[0]).toMatch(/1 intervals before it name hosts/);
});

it('calls nothing wrong because of what it names', async () => {
  for (const change of [{ targets: '010.0.0.1' }, { name: '' }]) {
    const outcome = await restore(alter('group', (line) => ({ ...line, ...change })));
    expect(outcome).toMatchObject({ ok: false, count: 1 });
  }
});

describe('a file that means another site', () => {
  it.each(['hostInterval', 'host', 'scan'])('cannot write %ss of another site', async (type) => {
    const before = await selectEverything(test.database);
    const outcome = await restore(alter(type, (line) => ({ ...line, groupId: victimGroup })));
    expect(outcome).toMatchObject({ ok: false });
    expect(await selectEverything(test.database)).toEqual(before);
  });

  it('may say its ids, which then are its own', async () => {
    const { siteId, slug: own } = await buildSite(test.database);
    const [group] = lines.filter(({ type }) => type === 'group');
    const text = toText(lines).replaceAll(group?.id, victimGroup);
    expect(await restore(text, { slug: own })).toMatchObject({ ok: true });
    const { rows } = await test.database.pool.query(
      'select site_id from groups where id = $1 order by site_id = $2',
      [victimGroup, siteId],
    );
    expect(rows.map((row) => row.site_id)).toEqual([victim.siteId, siteId]);
    const hosts = await test.database.pool.query('select * from hosts where site_id = $1', [
      victim.siteId,
    ]);
    expect(hosts.rows).toHaveLength(1);
  });
});

describe('the site that is to hold it', () => {
  it('must have no groups', async () => {
    const outcome = await restore(toText(lines), { slug: 'victim' });
    expect(outcome).toMatchObject({ ok: false, count: 1 });
    expect(outcome.ok ? '' : outcome.problems[0]).toMatch(
      /^The site "victim" has groups already.*Name another one with --site/,
    );
  });

  it('is made for the person who is named, and for nobody else', async () => {
    const several = await restore(toText(lines), { slug: 'new-one' });
    expect(several.ok ? '' : several.problems[0]).toMatch(/say who shall own it with --owner/);
    const nobody = await restore(toText(lines), { slug: 'new-one', owner: 'who@example.org' });
    expect(nobody.ok ? '' : nobody.problems[0]).toMatch(/^Nobody has an account here with/);
    const owner = 'VICTIM@example.test';
    expect(await restore(toText(lines), { slug: 'new-one', owner })).toMatchObject({ made: true });
    const { rows } = await test.database.pool.query(
      `select email, (select count(*)::int from profiles where site_id = s.id and built_in) as profiles
       from sites s join members m on m.site_id = s.id join users u on u.id = m.user_id where slug = 'new-one'`,
    );
    expect(rows).toEqual([{ email: 'victim@example.test', profiles: 5 }]);
  });

  it('keeps nothing of one that was stopped', async () => {
    const before = await selectEverything(test.database);
    const signal = AbortSignal.abort();
    await expect(restore(toText(lines), { signal })).rejects.toThrow('aborted');
    expect(await selectEverything(test.database)).toEqual(before);
  });
});
