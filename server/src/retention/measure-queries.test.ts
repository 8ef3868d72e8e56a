import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildSite } from '../db/testing/build-site.ts';
import { createTestDatabase, type TestDatabase } from '../db/testing/test-database.ts';
import { measureStorage, PARTS } from './measure-queries.ts';

/** Tables of groups and scans that are not told: small, or made by hand. */
const UNMEASURED = ['audit_entries', 'displaced_hosts', 'schedules'];

let test: TestDatabase;
beforeAll(async () => {
  test = await createTestDatabase();
});
afterAll(() => test.close());

async function buildMails(count: number): Promise<string> {
  const { siteId } = await buildSite(test.database);
  await test.database.pool.query(
    `insert into notifications (site_id, recipient, subject, text, html, status)
     select $1, 'a', 's', repeat('t', 500), repeat('h', 500), 'sent' from generate_series(1, $2)`,
    [siteId, count],
  );
  return siteId;
}

describe('measureStorage', () => {
  it('gives each site its share of what the tables take', async () => {
    const sites = [await buildMails(3_000), await buildMails(1_000), await buildMails(0)];
    const mails = [];
    for (const site of sites) mails.push((await measureStorage(test.database, site)).mails);
    expect(mails.map(({ rows }) => rows)).toEqual([3_000, 1_000, 0]);
    const [large, small, none] = mails.map(({ bytes }) => bytes);
    expect(none).toBe(0);
    // 1,000 letters, and something for rows and indexes.
    expect(small).toBeGreaterThan(1_000_000);
    expect(small).toBeLessThan(3_000_000);
    expect((large ?? 0) / (small ?? 1)).toBeCloseTo(3, 1);
  });

  it('knows every table that grows with what scans find', async () => {
    const { rows } = await test.database.pool.query<{ table: string }>(
      `select distinct c.table_name as "table" from information_schema.columns as c
       join information_schema.columns as s using (table_schema, table_name)
       where c.table_schema = 'public' and s.column_name = 'site_id'
         and c.column_name in ('scan_id', 'address', 'group_id')`,
    );
    const unmeasured = rows.map(({ table }) => table).filter((table) => !(table in PARTS));
    // As many as a person makes.
    expect(unmeasured.sort()).toEqual(UNMEASURED);
  });

  it('looks again when much has changed since', async () => {
    const site = await buildMails(10);
    await measureStorage(test.database, site);
    await test.database.pool.query(`update notifications set site_id = $1`, [site]);
    const measured = async () => (await measureStorage(test.database, site)).mails.rows;
    await expect.poll(measured, { timeout: 10_000, interval: 200 }).toBe(4_010);
  });
});
