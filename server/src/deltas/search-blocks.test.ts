import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { buildSite } from '../db/testing/build-site.ts';
import { createTestDatabase, type TestDatabase } from '../db/testing/test-database.ts';
import { findHosts } from './find-hosts-queries.ts';
import { foldSearchBlocks } from './search-block-queries.ts';
import { insertGroups, insertPart } from './testing/network-queries.ts';

let test: TestDatabase;
let siteId: string;
let groups: string[];

beforeAll(async () => {
  test = await createTestDatabase();
  siteId = (await buildSite(test.database)).siteId;
  groups = await insertGroups(test.database, siteId, 2);
});
afterAll(() => test.close());
beforeEach(() => test.database.pool.query('delete from hosts'));

/** $1 site, $2 group, $3 and $4 numbers of hosts; hosts lie in two blocks, or alone. */
const ADDRESS = (n: string) => `('10.0.' || ${n} % 3 || '.' || ${n})::inet`;
const NAMES = (n: string) => `array['name' || ${n} || 'of' || $3::int]`;
const CHANGES = {
  added: `insert into hosts (site_id, group_id, address, status, reason, names, status_since)
    select $1, $2, ${ADDRESS('n')}, 3, 'x', ${NAMES('n')}, now() from generate_series($3::int, $3::int + $4::int) as n
    on conflict (site_id, group_id, address) do update set names = excluded.names`,
  renamed: `update hosts set names = ${NAMES('$4::int')} where site_id = $1 and group_id = $2 and address = ${ADDRESS('$3::int')}`,
  'changed but for its text': `update hosts set status = $4::int % 9 where site_id = $1 and group_id = $2 and $3::int >= 0`,
  deleted: `delete from hosts where site_id = $1 and group_id = $2
    and address between ${ADDRESS('$3::int')} and ${ADDRESS('$3::int')} + $4::int`,
} as const;
type Change = keyof typeof CHANGES | 'folded';

/** What the rows of blocks lack, and what they have in vain. */
async function selectFaults() {
  const { rows: unfound } = await test.database.pool.query(
    `select address, search from hosts as h where not exists (select from search_blocks as b
      where b.site_id = h.site_id and b.group_id = h.group_id and b.block = search_block(h.address)
        and search_block_line(h.address, h.search) = any(string_to_array(b.text, E'\\f')))`,
  );
  const { rows: vain } = await test.database.pool.query(
    `select block from search_blocks as b where not exists (select from hosts as h
      where h.site_id = b.site_id and h.group_id = b.group_id and search_block(h.address) = b.block)`,
  );
  return { unfound, vain };
}

const countRows = async () =>
  Number((await test.database.pool.query('select count(*) from search_blocks')).rows[0].count);
const fold = (groupId: string) =>
  test.database.withSite(siteId, (tx) => foldSearchBlocks(tx, groupId));

it('each host is in a row of its block, whatever happens', async () => {
  const names = fc.constantFrom<Change>(...(Object.keys(CHANGES) as Change[]), 'added', 'folded');
  const change = fc.tuple(names, fc.nat(1), fc.integer({ min: 0, max: 150 }), fc.nat(99));
  await fc.assert(
    fc.asyncProperty(fc.array(change, { minLength: 5, maxLength: 15 }), async (changes) => {
      await test.database.pool.query('delete from hosts');
      for (const [name, group, some, other] of changes) {
        const groupId = groups[group] ?? '';
        if (name === 'folded') await fold(groupId);
        else await test.database.pool.query(CHANGES[name], [siteId, groupId, some, other]);
        expect(await selectFaults(), name).toEqual({ unfound: [], vain: [] });
      }
    }),
    { numRuns: 25 },
  );
});

it('a statement adds one row a block, and none where no text changes; a fold leaves one', async () => {
  const [groupId] = groups;
  const change = (name: keyof typeof CHANGES, some: number, other: number) =>
    test.database.pool.query(CHANGES[name], [siteId, groupId, some, other]);
  // Of three networks, in two blocks each.
  await change('added', 1, 120);
  expect(await countRows()).toBe(6);
  await change('added', 1, 120);
  await change('changed but for its text', 1, 4);
  expect(await countRows()).toBe(6);
  await change('renamed', 1, 7);
  expect(await countRows()).toBe(7);
  await fold(groupId ?? '');
  expect(await countRows()).toBe(6);
  expect(await selectFaults()).toEqual({ unfound: [], vain: [] });
});

it('many who save and fold at once lose no host', async () => {
  const [groupId = ''] = groups;
  const save = (part: number) =>
    test.database.withSite(siteId, async (tx) => {
      for (let n = 0; n < 10; n += 1) {
        // All in one block.
        await insertPart(tx, {
          siteId,
          groupId,
          part: 0,
          n: part * 8 + (n % 8) + (n > 7 ? 64 : 0),
        });
        if (n % 3 === part % 3) await foldSearchBlocks(tx, groupId);
      }
    });
  await Promise.all(Array.from({ length: 8 }, (_, part) => save(part)));
  expect(await selectFaults()).toEqual({ unfound: [], vain: [] });
  await fold(groupId);
  expect(await selectFaults()).toEqual({ unfound: [], vain: [] });
});

it('a host that others are still storing is found by them alone, and by all when they are done', async () => {
  const [groupId = ''] = groups;
  const find = () =>
    test.database.withSite(siteId, (tx) => findHosts(tx, { text: 'name5of5', limit: 10 }));
  const client = await test.database.pool.connect();
  await client.query('begin');
  await client.query(CHANGES.added, [siteId, groupId, 5, 0]);
  await test.database.pool.query(CHANGES.added, [siteId, groupId, 8, 0]);
  await fold(groupId);
  expect(await find()).toEqual([]);
  await client.query('commit');
  client.release();
  await fold(groupId);
  expect(await find()).toEqual([{ address: '10.0.2.5', groupId }]);
});

it('a group that is deleted takes its blocks along', async () => {
  const [groupId] = await insertGroups(test.database, siteId, 1);
  await test.database.pool.query(CHANGES.added, [siteId, groupId, 1, 50]);
  await test.database.pool.query('delete from groups where id = $1', [groupId]);
  expect(await countRows()).toBe(0);
});
