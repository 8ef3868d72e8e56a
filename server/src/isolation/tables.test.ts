import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildSite } from '../db/testing/build-site.ts';
import { createTestDatabase, type TestDatabase } from '../db/testing/test-database.ts';
import {
  CROSSINGS,
  type SiteTable,
  selectCount,
  selectExample,
  selectFingerprint,
  selectJobs,
  selectRights,
  selectSitesSeen,
  selectTables,
  switchRowSecurity,
} from './testing/catalog-queries.ts';
import { settleSite } from './testing/settle-site.ts';

/** What the application's role may do with tables whose rows belong to no site. */
const RIGHTS: Readonly<Record<string, readonly string[]>> = {
  accounts: [],
  attempts: [],
  kysely_migration: [],
  kysely_migration_lock: [],
  known_places: [],
  passkey_challenges: [],
  passkeys: [],
  password_resets: [],
  script_rules: ['SELECT'],
  sessions: [],
  setup_links: [],
  sites: ['SELECT', 'UPDATE'],
  two_factors: [],
  users: ['SELECT'],
  verifications: [],
};

let test: TestDatabase;
let own: string;
let other: string;
let tables: readonly SiteTable[];

beforeAll(async () => {
  test = await createTestDatabase();
  const { database } = test;
  const [first, second] = [await buildSite(database), await buildSite(database)];
  [own, other] = [first.siteId, second.siteId];
  await settleSite(database, { ...first, marker: 'OWN' });
  await settleSite(database, { ...second, marker: 'OTHER' });
  tables = (await selectTables(database)).ofSites;
});
afterAll(() => test.close());

class Back extends Error {}

/** Tries all ways into all tables from within `own`, each in a transaction of its own that is taken back. */
async function cross(): Promise<{ attempts: number; reached: string[] }> {
  let attempts = 0;
  const reached: string[] = [];
  for (const table of tables) {
    const example = (await selectExample(test.database, table, other)) ?? {};
    for (const [name, crossing] of Object.entries(CROSSINGS)) {
      attempts += 1;
      const rows = await test.database
        .withSite(own, async (tx) => {
          const affected = await crossing(tx, table, { own, other, example });
          throw Object.assign(new Back(), { affected });
        })
        .catch((error: unknown) =>
          error instanceof Back && 'affected' in error ? Number(error.affected) : 0,
        );
      if (rows > 0) reached.push(`${table.name}: ${name}`);
    }
  }
  return { attempts, reached };
}

describe('from within one site', () => {
  it('every table holds something of both, or nothing would be proved', async () => {
    const empty: string[] = [];
    for (const table of tables)
      for (const site of [own, other])
        if ((await selectCount(test.database.system, table, site)) === 0) empty.push(table.name);
    expect(empty).toEqual([]);
    expect(tables.length).toBeGreaterThan(15);
  });

  it('no row of another is read, changed, deleted, taken, added or given away, in any table', async () => {
    const before = await selectFingerprint(test.database, tables, other);
    const { attempts, reached } = await cross();
    expect(reached).toEqual([]);
    expect(attempts).toBe(tables.length * Object.keys(CROSSINGS).length);
    expect(await selectFingerprint(test.database, tables, other)).toEqual(before);
  });

  it('with row-level security switched off the same attempts reach every table', async () => {
    await switchRowSecurity(test.database, tables, false);
    try {
      const { reached } = await cross();
      const safe = tables.filter(({ name }) => !reached.some((one) => one.startsWith(`${name}:`)));
      expect(safe.map(({ name }) => name)).toEqual([]);
      expect(reached.length).toBeGreaterThan(tables.length * 3);
    } finally {
      await switchRowSecurity(test.database, tables, true);
    }
  });

  it('tables without a site are out of reach, or show its own people and itself alone', async () => {
    const { others } = await selectTables(test.database);
    const rights = await Promise.all(
      others.map(async ({ name }) => [name, await selectRights(test.database, name)] as const),
    );
    expect(Object.fromEntries(rights)).toEqual(RIGHTS);
    const seen = await test.database.withSite(own, async (tx) => ({
      sites: await tx.selectFrom('sites').select('id').execute(),
      users: await tx.selectFrom('users').select('id').execute(),
    }));
    expect(seen.sites).toEqual([{ id: own }]);
    expect(seen.users).toHaveLength(1);
  });

  it('the jobs of others are not read', async () => {
    await expect(test.database.withSite(own, selectJobs)).rejects.toThrow('permission denied');
  });

  it('nothing is seen of another when many transactions of both share the connections', async () => {
    const wrong: string[] = [];
    const look = async (round: number) => {
      const site = round % 2 === 0 ? own : other;
      const table = tables[round % tables.length] as SiteTable;
      const failing = round % 7 === 0;
      await test.database
        .withSite(site, async (tx) => {
          for (const seen of await selectSitesSeen(tx, table))
            if (seen !== site) wrong.push(table.name);
          if (failing) throw new Back();
        })
        .catch((error: unknown) => {
          if (!(error instanceof Back)) throw error;
        });
    };
    await Promise.all(Array.from({ length: 600 }, (_, round) => look(round)));
    expect(wrong).toEqual([]);
  });
});
