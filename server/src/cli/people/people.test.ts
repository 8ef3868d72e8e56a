import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hashKeyToken } from '../../accounts/keys/key-token.ts';
import { isPasswordOf } from '../../accounts/password-hash.ts';
import { createTestDatabase, type TestDatabase } from '../../db/testing/test-database.ts';
import { createApiKeyCommand } from '../api-key.ts';
import { createSiteCommand } from '../site.ts';
import { runCommand } from '../testing/run-command.ts';
import { createUserCommand } from '../user.ts';

const PASSWORD = 'seven purple elephants';
const GENERATED = /^([a-z2-9]{4}-){4}[a-z2-9]{4}$/;

let test: TestDatabase;
beforeAll(async () => {
  test = await createTestDatabase();
});
afterAll(() => test.close());

const run =
  (create: Parameters<typeof runCommand>[0]) =>
  (args: string, input = '') =>
    runCommand(create, args.split(' '), {
      environment: { DATABASE_URL: test.url },
      input: () => Readable.from([Buffer.from(input)]),
    });
const user = run(createUserCommand);
const site = run(createSiteCommand);
const apiKey = run(createApiKeyCommand);

async function passwordFits(email: string, password: string): Promise<boolean> {
  const { rows } = await test.database.pool.query<{ password: string }>(
    'select password from accounts join users on users.id = accounts."userId" where email = $1',
    [email],
  );
  return isPasswordOf(rows[0]?.password ?? '', password);
}

describe('netdelta user, site and api-key', () => {
  it('make an account with a password that is printed alone', async () => {
    const { code, stdout, stderr } = await user(
      'create --email Olga@example.org --name Olga --platform-admin',
    );
    expect([code, stderr]).toEqual([0, 'Made the account of olga@example.org.']);
    expect(stdout).toMatch(GENERATED);
    expect(await passwordFits('olga@example.org', stdout)).toBe(true);
  });

  it('make a site, whose owner has an account', async () => {
    const made = await site('create --slug acme --name Acme --owner olga@example.org');
    expect([made.code, made.stdout]).toEqual([0, '/acme/']);
    const { rows } = await test.database.pool.query('select count(*)::int as count from profiles');
    expect(rows[0].count).toBeGreaterThan(0);
    const listed = JSON.parse((await site('list --json')).stdout);
    expect(listed).toEqual([
      { slug: 'acme', name: 'Acme', timeZone: 'UTC', members: 1, state: 'active' },
    ]);
  });

  it('take a password from stdin, and make a member', async () => {
    const args = 'create --email vera@example.org --name Vera --site acme --password-stdin';
    const weak = await user(args, 'veraveravera\n');
    expect([weak.code, weak.stderr]).toEqual([2, expect.stringContaining('The password on stdin')]);
    const { code, stdout } = await user(args, `${PASSWORD}\n`);
    expect([code, stdout]).toEqual([0, '']);
    expect(await passwordFits('vera@example.org', PASSWORD)).toBe(true);
  });

  it('list everybody', async () => {
    expect((await user('list')).stdout.split('\n')).toEqual([
      'olga@example.org  Olga  platform administrator, acme: owner',
      'vera@example.org  Vera  acme: viewer',
    ]);
  });

  it('give a new password, which ends all sessions', async () => {
    const { pool } = test.database;
    await pool.query(`insert into sessions (id, "userId", token, "expiresAt")
      select id, id, id, now() + interval '1 day' from users`);
    const { code, stdout } = await user('reset-password --email vera@example.org');
    expect(code).toBe(0);
    expect(await passwordFits('vera@example.org', PASSWORD)).toBe(false);
    expect(await passwordFits('vera@example.org', stdout)).toBe(true);
    const { rows } = await pool.query(
      'select email from sessions join users on "userId" = users.id',
    );
    expect(rows).toEqual([{ email: 'olga@example.org' }]);
  });

  it('end a second factor and passkeys that were lost, and write it down in all sites', async () => {
    const { pool } = test.database;
    await pool.query(`update users set "twoFactorEnabled" = true`);
    await pool.query(`insert into two_factors (id, "userId", secret, "backupCodes")
      select id, id, 'x', 'x' from users`);
    await pool.query(`insert into passkeys
      (user_id, name, credential_id, public_key, signature_count, transports, host_name, backed_up)
      select id, 'Telephone', email::bytea, '', 0, '{}', 'nd.example', false from users`);
    const left = `select email from users where "twoFactorEnabled"
      union all select email from two_factors join users on users.id = "userId"
      union all select email from passkeys join users on users.id = user_id`;
    await user('reset-password --email vera@example.org');
    expect((await pool.query(left)).rows).toHaveLength(6);
    await user('reset-password --email vera@example.org --no-second-factor --no-passkeys');
    expect((await pool.query(left)).rows).toEqual(Array(3).fill({ email: 'olga@example.org' }));
    const { rows } = await pool.query(
      `select action, actor->>'kind' as by, subject->>'name' as whose from audit_entries
       where action <> 'password.reset' order by number`,
    );
    expect(rows).toEqual([
      { action: 'secondFactor.ended', by: 'command', whose: 'Vera' },
      { action: 'passkey.removed', by: 'command', whose: 'Vera' },
    ]);
  });

  it('give a role', async () => {
    await user('role --email vera@example.org --site acme --role administrator');
    const [, vera] = JSON.parse((await user('list --json --site acme')).stdout);
    expect(vera.roles).toEqual(['acme: administrator']);
  });

  it('print a key alone, with the scopes of its role', async () => {
    const { code, stdout } = await apiKey('create --site acme --role operator --days 30');
    expect(code).toBe(0);
    const { rows } = await test.database.pool.query('select * from api_keys');
    expect(rows[0]).toMatchObject({
      scopes: ['read', 'scan', 'triage'],
      token_hash: hashKeyToken(stdout),
    });
    const days = (rows[0].expires_at.getTime() - Date.now()) / 86_400_000;
    expect(Math.round(days)).toBe(30);
  });

  it.each([
    [user, 'create --email olga@example.org --name Olga', 'has an account already'],
    [user, 'create --email new@example.org --name New --site nowhere', 'no site "nowhere"'],
    [user, 'reset-password --email nobody@example.org', 'Nobody has the address'],
    [user, 'list --site nowhere', 'no site "nowhere"'],
    [site, 'create --slug acme --name Acme --owner olga@example.org', 'address of another site'],
    [site, 'create --slug API --name Acme --owner olga@example.org', 'slug: use 1 to 40'],
    [
      site,
      'create --slug b --name B --owner olga@example.org --time-zone Mars/Olympus',
      'timeZone is no time zone',
    ],
    [site, 'create --slug b --name B --owner nobody@example.org', 'Nobody has the address'],
    [apiKey, 'create --site nowhere --role viewer', 'no site "nowhere"'],
  ])('refuse with 2 (%#: %s)', async (command, args, words) => {
    const { code, stderr, stdout } = await command(args);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain(words);
    const { rows } = await test.database.pool.query('select count(*)::int as count from users');
    expect(rows[0].count).toBe(2);
  });

  it.each([
    [apiKey, 'create --site acme --role boss', 'There are owner, administrator'],
    [apiKey, 'create --site acme --role viewer --days 0', 'from 1 to 3650'],
    [user, 'create --email olga --name Olga', 'no e-mail address'],
  ])('explain wrong words (%#: %s)', async (command, args, words) => {
    await expect(command(args)).rejects.toThrow(words);
  });
});
