import { secondFactorOffer } from '@netdelta/core/api/people.ts';
import { expect, test } from 'vitest';
import { buildKeys } from '../../secrets/testing/build-keys.ts';
import { keyIdOf } from '../../secrets/vault.ts';
import { buildSetupRequest } from '../testing/build-setup-request.ts';
import { createBrowser } from '../testing/create-account-server.ts';
import { createAccountSuite } from '../testing/create-account-suite.ts';
import { codeOf } from '../testing/totp.ts';

const suite = createAccountSuite();
const FACTOR = '/example/api/v1/account/second-factor';
const SESSION = '/example/api/v1/session';
const [BEFORE, NOW] = ['a'.repeat(40), 'b'.repeat(40)];
const { email, password } = buildSetupRequest();

async function startWithFactor() {
  const server = await suite.startSetUpServer({ secrets: buildKeys(BEFORE) });
  const { ask } = server;
  const offer = secondFactorOffer.parse((await ask('POST', FACTOR, { password })).json());
  await ask('POST', `${FACTOR}/confirm`, { code: codeOf(offer.uri, -1) });
  return { ...server, offer };
}

async function login(secrets: ReturnType<typeof buildKeys>, code: string, who = email) {
  const { app } = await suite.startServer({ secrets });
  return createBrowser(app).ask('POST', SESSION, { email: who, password, code });
}

const selectStored = async () =>
  (await suite.database.pool.query('select "userId", secret, "backupCodes" from two_factors'))
    .rows[0];

test('a second factor is sealed for its person, and outlives an exchange of keys', async () => {
  const { offer } = await startWithFactor();
  const { keys } = buildKeys(BEFORE);
  const { userId, secret, backupCodes } = await selectStored();
  expect([secret, backupCodes].map(keyIdOf)).toEqual([keys.current.id, keys.current.id]);
  const place = { table: 'two_factors', column: 'backupCodes', siteId: null, row: userId };
  const codes: unknown = JSON.parse(await buildKeys(BEFORE).vault.open(backupCodes, place));
  expect(codes).toEqual(offer.recoveryCodes);

  const both = buildKeys(NOW, BEFORE);
  expect((await login(both, codeOf(offer.uri))).statusCode).toBe(200);
  expect((await login(both, '000000')).json().code).toBe('wrong-code');
  const [first = '', second = ''] = offer.recoveryCodes;
  expect((await login(both, first)).statusCode).toBe(200);
  // What was left of the codes is sealed with the key of now.
  expect(keyIdOf((await selectStored()).backupCodes)).toBe(both.keys.current.id);
  expect((await login(both, first)).json().code).toBe('wrong-code');
  expect((await login(both, second)).statusCode).toBe(200);
});

test('a recovery code that is used in two places at once opens once', async () => {
  const { app, offer } = await startWithFactor();
  const [code = ''] = offer.recoveryCodes;
  const attempts = Array.from({ length: 4 }, () =>
    createBrowser(app).ask('POST', SESSION, { email, password, code }),
  );
  const statuses = (await Promise.all(attempts)).map(({ statusCode }) => statusCode);
  expect(statuses.filter((status) => status === 200)).toHaveLength(1);
});

test('where the key is lost, only those who need it are refused, and told what it is', async () => {
  const { join, offer } = await startWithFactor();
  await join('viewer@example.org', 'viewer');
  const refused = await login(buildKeys(NOW), codeOf(offer.uri));
  expect([refused.statusCode, refused.json()]).toEqual([
    500,
    {
      code: 'secret-key-missing',
      message: expect.stringContaining('netdelta secrets check'),
      problems: [],
    },
  ]);
  expect(refused.cookies).toEqual([]);
  const { app } = await suite.startServer({ secrets: buildKeys(NOW) });
  const other = { email: 'viewer@example.org', password: 'quite a long password' };
  expect((await createBrowser(app).ask('POST', SESSION, other)).statusCode).toBe(200);
});
