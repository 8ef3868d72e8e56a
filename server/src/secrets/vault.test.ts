import { describe, expect, it } from 'vitest';
import { deriveKeys } from './secret-keys.ts';
import { buildKeys } from './testing/build-keys.ts';
import { createVault, keyIdOf, type SecretPlace, SecretUnreadableError } from './vault.ts';

const PLACE = { table: 'providers', column: 'client_secret', siteId: 'site-1', row: 'row-1' };
const OLD = 'an old key of more than 32 characters';
const NEW = 'a new key that has 32 characters, too';

const failure = (work: Promise<unknown>) =>
  work.then(
    () => 'opened',
    (error) => (error instanceof SecretUnreadableError ? error.code : String(error)),
  );

describe('a sealed secret', () => {
  const { vault, keys } = buildKeys(OLD);

  it.each(['', 'p4ss', 'ü€😀 ', 'x'.repeat(100_000)])(
    'is opened in its place: %.10s',
    async (text) => {
      const sealed = await vault.seal(text, PLACE);
      expect(keyIdOf(sealed)).toBe(keys.current.id);
      if (text.length > 3) expect(sealed).not.toContain(text);
      expect(await vault.open(sealed, PLACE)).toBe(text);
    },
  );

  it('is another one each time, so that equal secrets do not show', async () => {
    expect(await vault.seal('same', PLACE)).not.toBe(await vault.seal('same', PLACE));
  });

  it.each<[string, Partial<SecretPlace>]>([
    ['another table', { table: 'webhooks' }],
    ['another column', { column: 'token' }],
    ['another site', { siteId: 'site-2' }],
    ['no site', { siteId: null }],
    ['another row', { row: 'row-2' }],
    ['a row and a column whose names run together', { column: 'client_secretrow', row: '-1' }],
  ])('is not opened in %s', async (_where, other) => {
    const sealed = await vault.seal('secret', PLACE);
    expect(await failure(vault.open(sealed, { ...PLACE, ...other }))).toBe('secret-damaged');
  });

  it('is not opened when any character of it was changed', async () => {
    const sealed = await vault.seal('secret', PLACE);
    const outcomes = new Set<string>();
    for (let at = 0; at < sealed.length; at += 1) {
      const other = sealed[at] === '0' ? '1' : '0';
      outcomes.add(
        await failure(vault.open(sealed.slice(0, at) + other + sealed.slice(at + 1), PLACE)),
      );
    }
    expect([...outcomes].sort()).toEqual(['secret-damaged', 'secret-key-missing']);
  });

  it.each(['', 'plain', 'nd1.', `nd1.${keys.current.id}.`, `nd1.${keys.current.id}.AAAA`])(
    'is not what was never sealed: "%s"',
    async (stored) => {
      expect(await failure(vault.open(stored, PLACE))).toBe('secret-damaged');
    },
  );
});

describe('keys', () => {
  it('tell by their ids apart, and are read with when they are earlier ones', async () => {
    const sealed = await buildKeys(OLD).vault.seal('secret', PLACE);
    expect(await buildKeys(NEW, OLD).vault.open(sealed, PLACE)).toBe('secret');
    expect(await failure(buildKeys(NEW).vault.open(sealed, PLACE))).toBe('secret-key-missing');
  });

  it('say what to do when one is missing, and nothing of the secret', async () => {
    const sealed = await buildKeys(OLD).vault.seal('the secret', PLACE);
    const message = await buildKeys(NEW)
      .vault.open(sealed, PLACE)
      .catch((error) => error.message);
    expect(message).toMatch(
      /^The client_secret of row-1 in providers was sealed with the secret key [0-9a-f]{12}, .* NETDELTA_OLD_SECRET_KEYS/,
    );
  });

  it('give a different one for each purpose, and none shows another', () => {
    const { current } = deriveKeys([OLD]);
    const texts = [current.id, current.signing, current.sealing.toString('hex'), OLD];
    for (const one of texts)
      expect(texts.filter((other) => other !== one && other.includes(one))).toEqual([]);
  });

  it('are one when the same text is given twice', () => {
    expect(deriveKeys([NEW, OLD, NEW, OLD]).all.map(({ text }) => text)).toEqual([NEW, OLD]);
  });

  it('may be exchanged under a vault at work: it seals with the new one at once', async () => {
    let texts: [string, ...string[]] = [OLD];
    const vault = createVault(deriveKeys(texts), async () => deriveKeys(texts));
    const before = await vault.seal('secret', PLACE);
    texts = [NEW, OLD];
    const elsewhere = await buildKeys(NEW).vault.seal('from elsewhere', PLACE);
    expect(await vault.open(elsewhere, PLACE)).toBe('from elsewhere');
    expect(keyIdOf(await vault.seal('secret', PLACE))).toBe(deriveKeys([NEW]).current.id);
    expect(await vault.open(before, PLACE)).toBe('secret');
  });
});
