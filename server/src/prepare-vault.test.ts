import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { symmetricEncrypt } from 'better-auth/crypto';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { parseConfig } from './config.ts';
import { createTestDatabase, type TestDatabase } from './db/testing/test-database.ts';
import { createLog } from './log.ts';
import { prepareVault } from './prepare-vault.ts';
import { SEALED_COLUMNS } from './sealed-columns.ts';

const [KEY, OTHER] = ['1'.repeat(40), '2'.repeat(40)];

let opened: TestDatabase;
let dataDir: string;
beforeAll(async () => {
  opened = await createTestDatabase();
});
afterAll(() => opened.close());
beforeEach(async () => {
  dataDir = await mkdtemp(path.join(tmpdir(), 'netdelta-test-'));
});
afterEach(() => rm(dataDir, { recursive: true }));

async function prepare(environment: NodeJS.ProcessEnv) {
  const outcome = parseConfig({ NETDELTA_DATA_DIR: dataDir, ...environment });
  if (!outcome.ok) throw new Error(outcome.problems.join('\n'));
  const lines: string[] = [];
  const log = createLog({ level: 'info', readable: false, write: (line) => lines.push(line) });
  const { database } = opened;
  return { ...(await prepareVault({ config: outcome.config, database, log })), lines };
}

test('what better-auth had encrypted is sealed at the next start; a lost key is told, and ends nothing', async () => {
  const { pool } = opened.database;
  await pool.query(`insert into users (id, name, email) values ('u', 'u', 'u@example.org')`);
  await pool.query(
    `insert into two_factors (id, "userId", secret, "backupCodes") values ('f', 'u', $1, $1)`,
    [await symmetricEncrypt({ key: KEY, data: 'plain' })],
  );
  const lost = await prepare({ NETDELTA_SECRET_KEY: OTHER });
  expect(lost.lines.join('')).toMatch(/"level":50.*"secrets":2.*netdelta secrets check/);

  const { vault, lines } = await prepare({
    NETDELTA_SECRET_KEY: OTHER,
    NETDELTA_OLD_SECRET_KEYS: KEY,
  });
  expect(lines.join('')).toMatch(/^\{"level":30,.*"secrets":2,.*sealed the stored secrets"\}\n$/);
  const { rows } = await pool.query('select secret from two_factors');
  const place = { table: 'two_factors', column: 'secret', siteId: null, row: 'u' };
  expect(await vault.open(rows[0].secret, place)).toBe('plain');

  const again = await prepare({ NETDELTA_SECRET_KEY: KEY });
  expect(again.lines.join('')).toMatch(/"level":50,.*"lostKeys":\["[0-9a-f]{12}"\]/);
});

/** What may be stored as it is although its name says that it tells something. */
const NOT_SEALED: Readonly<Record<string, string>> = {
  'accounts.password': 'argon2id',
  'accounts.accessToken': 'better-auth has the column, nobody writes it',
  'accounts.refreshToken': 'better-auth has the column, nobody writes it',
  'accounts.idToken': 'better-auth has the column, nobody writes it',
  'sessions.token': 'is worth nothing without the signature in the cookie',
  'setup_links.token_hash': 'SHA-256 of 256 random bits',
  'invitations.token_hash': 'SHA-256 of 256 random bits',
  'api_keys.token_hash': 'SHA-256 of 256 random bits',
  'password_resets.token_hash': 'SHA-256 of 256 random bits',
  'passkey_challenges.token_hash': 'SHA-256 of 256 random bits',
  'sign_on_providers.second_factor': 'says which logins count as ones with a second factor',
  'passkeys.credential_id': 'names a passkey, whose private key never leaves its device',
};

test('whatever the database stores that sounds like a secret is sealed, or listed here with why not', async () => {
  const { rows } = await opened.database.pool.query<{ name: string }>(`
    select table_name || '.' || column_name as name from information_schema.columns
    where table_schema = 'public' and data_type in ('text', 'bytea', 'jsonb')
      and column_name ~* 'secret|token|passw|credential|private|codes|factor'`);
  const sealed = SEALED_COLUMNS.map(({ table, column }) => `${table}.${column}`);
  const found = rows.map(({ name }) => name);
  expect(found).toEqual(expect.arrayContaining(sealed));
  const known = [...sealed, ...Object.keys(NOT_SEALED)];
  expect(found.filter((name) => !known.includes(name))).toEqual([]);
});
