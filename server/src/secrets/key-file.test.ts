import { chmod, chown, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  addKey,
  dropEarlierKeys,
  keyFileOf,
  prepareSecretKeys,
  readSecretKeys,
  SecretKeyError,
} from './key-file.ts';

const [FIRST, SECOND, GIVEN] = ['1', '2', '3'].map((sign) => sign.repeat(40)) as [
  string,
  string,
  string,
];

let dataDir: string;
beforeEach(async () => {
  dataDir = await mkdtemp(path.join(tmpdir(), 'netdelta-test-'));
});
afterEach(() => rm(dataDir, { recursive: true }));

const source = (overrides = {}) => ({ secretKey: null, oldSecretKeys: [], dataDir, ...overrides });
const textsOf = async (overrides = {}) =>
  (await readSecretKeys(source(overrides))).all.map(({ text }) => text);
const write = (text: string) => writeFile(keyFileOf(dataDir), text);

describe('the key file', () => {
  it('is made once, for its owner alone, by however many start together', async () => {
    const made = await Promise.all(Array.from({ length: 10 }, () => prepareSecretKeys(source())));
    expect(new Set(made.map(({ current }) => current.text)).size).toBe(1);
    expect((await stat(keyFileOf(dataDir))).mode & 0o777).toBe(0o600);
    expect(await readdir(dataDir)).toEqual(['secret-key']);
  });

  it('is not made where the key is given', async () => {
    await prepareSecretKeys(source({ secretKey: GIVEN }));
    expect(await readdir(dataDir)).toEqual([]);
  });

  it.each([
    ['a key alone', `${FIRST}\n`, {}, [FIRST]],
    ['earlier keys below', `${FIRST}\n${SECOND}\n`, {}, [FIRST, SECOND]],
    ['lines of Windows, and empty ones', `${FIRST}\r\n\r\n${SECOND}`, {}, [FIRST, SECOND]],
    ['a given key, for which the file is earlier', FIRST, { secretKey: GIVEN }, [GIVEN, FIRST]],
    ['old keys last', FIRST, { oldSecretKeys: [SECOND] }, [FIRST, SECOND]],
  ])('%s', async (_what, text, overrides, expected) => {
    await write(text);
    expect(await textsOf(overrides)).toEqual(expected);
  });

  it.each([
    ['none', null, /There is no secret key in .*secret-key/],
    ['an empty one', '', /There is no secret key/],
    ['a damaged one', `${FIRST}\nshort\n`, /secret-key is damaged/],
  ])('that is %s is told, and never replaced', async (_what, text, message) => {
    if (text !== null) await write(text);
    const error = await readSecretKeys(source()).catch((reason) => reason);
    expect(error).toBeInstanceOf(SecretKeyError);
    expect(error.message).toMatch(message);
    if (text === null) return;
    await expect(prepareSecretKeys(source())).rejects.toThrow(message);
    expect(await readFile(keyFileOf(dataDir), 'utf8')).toBe(text);
  });

  it('takes a new key before the others, and drops those', async () => {
    await write(FIRST);
    await chmod(keyFileOf(dataDir), 0o600);
    await addKey(dataDir);
    const [added = '', ...earlier] = await textsOf();
    expect(earlier).toEqual([FIRST]);
    expect(added).toMatch(/^[0-9a-f]{64}$/);
    expect((await stat(keyFileOf(dataDir))).mode & 0o777).toBe(0o600);
    expect(await dropEarlierKeys(dataDir)).toBe(1);
    expect(await textsOf()).toEqual([added]);
    expect(await dropEarlierKeys(dataDir)).toBe(0);
    expect(await readdir(dataDir)).toEqual(['secret-key']);
  });

  it.runIf(process.getuid?.() === 0)(
    'stays that of its owner when root exchanges keys',
    async () => {
      await write(FIRST);
      await chown(keyFileOf(dataDir), 65_534, 65_534);
      await addKey(dataDir);
      const { uid, gid } = await stat(keyFileOf(dataDir));
      expect([uid, gid]).toEqual([65_534, 65_534]);
    },
  );
});
