import { expect, test } from 'vitest';
import { findWeakness } from './password-strength.ts';

const known = ['Ada Lovelace', 'ada@analytical.example', 'Analytical Engines'];

test.each([
  ['aaaaaaaaaaaaaaaa', 'it repeats a character'],
  ['passwordpassword', 'it repeats a few characters'],
  ['P@ssw0rd1234', 'it is like one that is often used'],
  ['0123456789ab', 'it is a sequence'],
  ['lovelace2026', 'it is made of your name'],
  ['adalovelace1', 'it is made of your name'],
  ['analytical12', 'it is made of your name, your address or the site'],
])('%s is refused: %s', async (password, reason) => {
  expect(await findWeakness(password, { known })).toContain(reason);
});

test.each([
  'correct horse battery',
  'quite a long password',
  'x7#kQ9!mZ2pLw',
  'борщ сметана вилка нож',
])('%s is taken', async (password) => {
  expect(await findWeakness(password, { known })).toBeNull();
});

test('the longest password is judged in no time worth an attack', async () => {
  const password = 'aB3$'.repeat(50);
  expect(password).toHaveLength(200);
  expect(await findWeakness(password, { known })).toContain('repeats');
});
