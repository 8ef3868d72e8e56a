import { afterAll, beforeAll, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../db/testing/test-database.ts';
import { createTestServer } from '../../http/testing/create-test-server.ts';
import { profileRoutes } from '../../targets/profile-routes.ts';
import { createScriptsCommand } from '../scripts.ts';
import { runCommand } from '../testing/run-command.ts';

let test: TestDatabase;
beforeAll(async () => {
  test = await createTestDatabase();
});
afterAll(() => test.close());

const run = (args: string) =>
  runCommand(createScriptsCommand, args.split(' '), { environment: { DATABASE_URL: test.url } });
const allowed = async (): Promise<string[]> => JSON.parse((await run('list --json')).stdout);

it('the platform says which scripts profiles may name', async () => {
  const { app, call } = await createTestServer(test.database, [profileRoutes(test)]);
  const save = (scripts: string[]) =>
    call('POST', 'profiles', { name: `with ${scripts}`, options: { scripts } });

  expect((await save(['banner'])).statusCode).toBe(201);
  const refused = await save(['banner', 'ssl-enum-ciphers', 'vuln']);
  expect([refused.statusCode, refused.json()]).toEqual([
    400,
    {
      code: 'scripts-not-allowed',
      message: expect.stringMatching(
        /^Scripts that may be named: banner, .*netdelta scripts allow/,
      ),
      problems: [
        {
          path: 'options.scripts.1',
          message: '"ssl-enum-ciphers" is not allowed on this platform',
        },
        { path: 'options.scripts.2', message: '"vuln" is not allowed on this platform' },
      ],
    },
  ]);

  expect((await run('allow ssl-enum-ciphers http-enum')).stderr).toBe(
    'ssl-enum-ciphers, http-enum: allowed from now on.',
  );
  expect(await allowed()).toEqual(expect.arrayContaining(['banner', 'ssl-enum-ciphers']));
  const saved = await save(['ssl-enum-ciphers']);
  expect(saved.statusCode).toBe(201);

  const forbidden = await run('forbid banner ssl-enum-ciphers');
  expect(forbidden.stderr.split('\n')).toEqual([
    'banner, ssl-enum-ciphers: forbidden from now on.',
    'The profile "with banner" of /main/ names one of them: it is left out.',
    'The profile "with ssl-enum-ciphers" of /main/ names one of them: it is left out.',
  ]);
  expect(await allowed()).not.toContain('banner');
  expect((await run('list')).stdout).toMatch(
    /http-enum {2}\(allowed by you\)\n(.*\n)*banner {2}\(forbidden by you\)/,
  );
  const options = { scripts: ['ssl-enum-ciphers'] };
  const edited = await call('PUT', `profiles/${saved.json().id}`, { name: 'edited', options });
  expect(edited.json().code).toBe('scripts-not-allowed');
  const { rows } = await test.database.pool.query(
    `select action, actor->>'kind' as by, subject->>'name' as what from audit_entries where action like 'scripts.%' order by number`,
  );
  expect(rows).toEqual([
    { action: 'scripts.allowed', by: 'command', what: 'ssl-enum-ciphers, http-enum' },
    { action: 'scripts.forbidden', by: 'command', what: 'banner, ssl-enum-ciphers' },
  ]);
  await app.close();
});

it.each(['vuln', 'all', 'not', 'http-*', '/tmp/x.nse', 'a,b'])(
  '"%s" is no single script',
  async (name) => {
    await expect(run(`allow ${name}`)).rejects.toThrow('Name single scripts');
  },
);
