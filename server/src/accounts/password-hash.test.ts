import { hashPassword as hashByScrypt } from 'better-auth/crypto';
import { expect, test } from 'vitest';
import { hashPassword, isOutdated, isPasswordOf } from './password-hash.ts';

const PASSWORD = 'corréct horse battery';

test('a hash fits its password alone, and no two are the same', async () => {
  const [hash, other] = await Promise.all([hashPassword(PASSWORD), hashPassword(PASSWORD)]);
  expect(hash).toMatch(/^\$argon2id\$v=19\$m=65536,t=2,p=1\$[^=$]{22}\$[^=$]{43}$/);
  expect(other).not.toBe(hash);
  expect(await isPasswordOf(hash, PASSWORD.normalize('NFD'))).toBe(true);
  expect(await isPasswordOf(hash, 'correct horse battery')).toBe(false);
  expect(isOutdated(hash)).toBe(false);
});

test('what better-auth hashed by scrypt still fits, and is outdated', async () => {
  const hash = await hashByScrypt(PASSWORD);
  expect(await isPasswordOf(hash, PASSWORD)).toBe(true);
  expect(await isPasswordOf(hash, 'another')).toBe(false);
  expect(isOutdated(hash)).toBe(true);
});

/** Made by the reference implementation: echo -n password | argon2 somesalt -id -t 2 -m 16 -p 1 */
test('the hash of the reference implementation fits', async () => {
  const hash =
    '$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc';
  expect(await isPasswordOf(hash, 'password')).toBe(true);
});

test.each(['', 'nonsense', '$argon2id$v=19$m=65536,t=2,p=1$c29t', '$2b$10$abcdefghijklmnopqrstuv'])(
  'the hash %j fits nothing',
  async (hash) => {
    expect(await isPasswordOf(hash, PASSWORD)).toBe(false);
  },
);
