import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { symmetricEncrypt } from 'better-auth/crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../db/testing/test-database.ts';
import { buildKeys } from '../../secrets/testing/build-keys.ts';
import { keyIdOf } from '../../secrets/vault.ts';
import { createSecretsCommand } from '../secrets.ts';
import { runCommand } from '../testing/run-command.ts';

const [KEY, LOST] = ['1'.repeat(40), '2'.repeat(40)];
const PEOPLE = 250;

let test: TestDatabase;
let dataDir: string;
beforeAll(async () => {
  test = await createTestDatabase();
});
afterAll(() => test.close());
beforeEach(async () => {
  dataDir = await mkdtemp(path.join(tmpdir(), 'netdelta-test-'));
  await writeFile(path.join(dataDir, 'secret-key'), KEY, { mode: 0o600 });
  await test.database.pool.query('delete from users');
});
afterEach(() => rm(dataDir, { recursive: true }));

const run = (args: string, environment: NodeJS.ProcessEnv = {}, signal?: AbortSignal) =>
  runCommand(createSecretsCommand, args.split(' '), {
    environment: { DATABASE_URL: test.url, NETDELTA_DATA_DIR: dataDir, ...environment },
    ...(signal && { signal }),
  });

/** Stores people whose second factor is the text that `make` gives. */
async function insertPeople(
  count: number,
  make: (userId: string, column: string) => Promise<string>,
) {
  const { pool } = test.database;
  for (let number = 0; number < count; number += 1) {
    const id = `user-${number}`;
    await pool.query('insert into users (id, name, email) values ($1, $1, $2)', [
      id,
      `${id}@example.org`,
    ]);
    await pool.query(
      'insert into two_factors (id, "userId", secret, "backupCodes") values ($1, $1, $2, $3)',
      [id, await make(id, 'secret'), await make(id, 'backupCodes')],
    );
  }
}

const sealWith =
  (...texts: [string, ...string[]]) =>
  (userId: string, column: string) =>
    buildKeys(...texts).vault.seal(`${column} of ${userId}`, placeOf(userId, column));
const placeOf = (userId: string, column: string) => ({
  ...{ table: 'two_factors', column, siteId: null, row: userId },
});

/** All stored values, opened by the keys that are in the file now; throws where one cannot be. */
async function openAll() {
  const [key = '', ...earlier] = (await readFile(path.join(dataDir, 'secret-key'), 'utf8'))
    .trim()
    .split('\n');
  const { vault, keys } = buildKeys(key, ...earlier);
  const { rows } = await test.database.pool.query(
    'select "userId", secret, "backupCodes" from two_factors order by 1',
  );
  for (const { userId, secret, backupCodes } of rows) {
    expect(await vault.open(secret, placeOf(userId, 'secret'))).toBe(`secret of ${userId}`);
    const codes = await vault.open(backupCodes, placeOf(userId, 'backupCodes'));
    expect(codes).toBe(`backupCodes of ${userId}`);
  }
  const ids = rows.flatMap(({ secret, backupCodes }) => [keyIdOf(secret), keyIdOf(backupCodes)]);
  return { values: ids.length, withKeyOfNow: ids.filter((id) => id === keys.current.id).length };
}

describe('netdelta secrets rotate', () => {
  it('seals everything with a new key, tells how far it is, and drop takes the old one', async () => {
    await insertPeople(PEOPLE, sealWith(KEY));
    const { code, stdout, stderr } = await run('rotate');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^Sealed 500 secrets with a new key \([0-9a-f]{12}\)\.\nEarlier keys/);
    expect(stderr.split('\n').length).toBeGreaterThan(4);
    expect(await openAll()).toEqual({ values: 2 * PEOPLE, withKeyOfNow: 2 * PEOPLE });
    expect(await run('drop')).toMatchObject({ code: 0, stdout: 'Dropped 1 earlier keys.' });
    expect(await readFile(path.join(dataDir, 'secret-key'), 'utf8')).toMatch(/^[0-9a-f]{64}\n$/);
    expect(await openAll()).toEqual({ values: 2 * PEOPLE, withKeyOfNow: 2 * PEOPLE });
  });

  it('seals what belongs to a site for that site again', async () => {
    const { pool } = test.database;
    const { rows: made } = await pool.query(
      `insert into sites (slug, name) values ('with-provider', 'x') returning id::text`,
    );
    const siteId = String(made[0].id);
    const place = { table: 'sign_on_providers', column: 'client_secret', siteId, row: siteId };
    await pool.query(
      `insert into sign_on_providers values ($1, true, 'l', 'https://i', 'c', $2, 'openid', 'g', '[]',
        null, true, false, true, 'always', 10)`,
      [siteId, await buildKeys(KEY).vault.seal('of the provider', place)],
    );
    expect((await run('rotate')).stdout).toContain('Sealed 1 secrets with a new key');
    const [key = ''] = (await readFile(path.join(dataDir, 'secret-key'), 'utf8')).split('\n');
    const { rows } = await pool.query('select client_secret from sign_on_providers');
    expect(await buildKeys(key).vault.open(rows[0].client_secret, place)).toBe('of the provider');
    const { rows: told } = await pool.query(
      `select actor->>'kind' as by from audit_entries where action = 'secretKey.rotated'`,
    );
    expect(told.at(-1)).toEqual({ by: 'command' });
    await pool.query('delete from sites');
  });

  it('goes on with what was interrupted, with the same key', async () => {
    await insertPeople(PEOPLE, sealWith(KEY));
    const stop = new AbortController();
    const stopped = runCommand(createSecretsCommand, ['rotate'], {
      environment: { DATABASE_URL: test.url, NETDELTA_DATA_DIR: dataDir },
      signal: stop.signal,
      complain: () => stop.abort(),
    });
    expect((await stopped).code).toBe(3);
    const half = await openAll();
    expect(half.withKeyOfNow).toBeGreaterThan(0);
    expect(half.withKeyOfNow).toBeLessThan(half.values);
    const refused = await run('drop');
    expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining('rotate')]);
    const keys = await readFile(path.join(dataDir, 'secret-key'), 'utf8');
    expect((await run('rotate')).code).toBe(0);
    expect(await readFile(path.join(dataDir, 'secret-key'), 'utf8')).toBe(keys);
    expect(await openAll()).toEqual({ values: 2 * PEOPLE, withKeyOfNow: 2 * PEOPLE });
  });

  it('seals what an earlier NetDelta had encrypted by better-auth', async () => {
    await insertPeople(2, (userId, column) =>
      symmetricEncrypt({ key: KEY, data: `${column} of ${userId}` }),
    );
    const checked = await run('check');
    expect([checked.code, checked.stdout]).toEqual([
      0,
      expect.stringContaining('2 not sealed yet'),
    ]);
    expect((await run('drop')).code).toBe(1);
    expect((await run('rotate')).code).toBe(0);
    expect(await openAll()).toEqual({ values: 4, withKeyOfNow: 4 });
  });

  it('seals with NETDELTA_SECRET_KEY where that is set, and leaves the file alone', async () => {
    await insertPeople(2, sealWith(KEY));
    const given = { NETDELTA_SECRET_KEY: LOST };
    expect((await run('rotate', given)).stdout).toContain('4 secrets with the key of now');
    expect(await readFile(path.join(dataDir, 'secret-key'), 'utf8')).toBe(KEY);
    const again = await run('rotate', given);
    expect([again.code, again.stderr]).toEqual([
      0,
      expect.stringContaining('only you can exchange'),
    ]);
  });

  it('changes nothing when keys are missing here', async () => {
    await insertPeople(2, sealWith(LOST));
    const { code, stderr } = await run('rotate');
    expect(code).toBe(1);
    expect(stderr).toMatch(/^Nothing was changed: .*4 with [0-9a-f]{12}\)/);
    expect(await readFile(path.join(dataDir, 'secret-key'), 'utf8')).toBe(KEY);
    expect((await run('rotate', { NETDELTA_OLD_SECRET_KEYS: LOST })).code).toBe(0);
    expect(await openAll()).toEqual({ values: 4, withKeyOfNow: 4 });
  });

  it('is one at a time', async () => {
    await insertPeople(5, sealWith(KEY));
    const outcomes = await Promise.all([run('rotate'), run('rotate'), run('drop')]);
    const codes = outcomes.map(({ code }) => code);
    expect(codes.filter((code) => code === 0).length).toBeGreaterThan(0);
    expect(codes.every((code) => code === 0 || code === 2)).toBe(true);
    expect((await openAll()).values).toBe(10);
  });
});

describe('netdelta secrets check', () => {
  it('says how many are sealed with which key', async () => {
    await insertPeople(1, sealWith(KEY));
    expect(await run('check')).toMatchObject({ code: 0, stderr: '' });
    const { stdout } = await run('check --json', { NETDELTA_SECRET_KEY: LOST });
    const { columns } = JSON.parse(stdout);
    expect(columns).toEqual(
      [
        { table: 'two_factors', column: 'secret', earlier: 1 },
        { table: 'two_factors', column: 'backupCodes', earlier: 1 },
        { table: 'sign_on_providers', column: 'client_secret', earlier: 0 },
      ].map((column) => ({ ...column, current: 0, unsealed: 0, unreadable: 0, problems: [] })),
    );
  });

  it('says whose cannot be read, why, and what to do', async () => {
    await insertPeople(2, sealWith(KEY));
    await test.database.pool.query(
      `update two_factors set secret = (select secret from two_factors where id = 'user-0') where id = 'user-1'`,
    );
    const { code, stdout, stderr } = await run('check');
    expect([code, stdout]).toEqual([1, expect.stringContaining('1 cannot be read')]);
    expect(stderr).toBe(
      'The secret of user-1 in two_factors is not what was sealed there: it was changed, or moved from elsewhere. ' +
        'It has to be set anew; "netdelta secrets check" says how. It is the second factor of user-1@example.org. ' +
        'To end it: netdelta user reset-password --email user-1@example.org --no-second-factor',
    );
  });

  it('makes no key', async () => {
    await rm(path.join(dataDir, 'secret-key'));
    const { code, stderr } = await run('check');
    expect([code, stderr]).toEqual([3, expect.stringContaining('There is no secret key in')]);
    await writeFile(path.join(dataDir, 'secret-key'), KEY);
  });
});
