import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const { makeOwnFolder } = (await import(
  path.join(import.meta.dirname, '../bin/compile-cache.mjs')
)) as { makeOwnFolder: (folder: string) => string | null };

let home: string;
beforeEach(() => {
  home = mkdtempSync(path.join(tmpdir(), 'netdelta-cache-'));
});
afterEach(() => rmSync(home, { recursive: true }));

it('makes a folder for this user alone, also below one to which all may add', () => {
  const folder = path.join(home, 'a', 'b');
  expect(makeOwnFolder(folder)).toBe(folder);
  expect(statSync(folder).mode & 0o777).toBe(0o700);
  expect(makeOwnFolder(folder)).toBe(folder);
});

describe('refuses what others could fill with programs of theirs', () => {
  it.each([
    ['the folder', 'a/b', 0o777],
    ['the folder, by its group', 'a/b', 0o770],
    ['the folder, even where it is sticky', 'a/b', 0o1777],
    ['one above it', 'a', 0o777],
  ])('%s', (_what, place, mode) => {
    mkdirSync(path.join(home, 'a/b'), { recursive: true });
    chmodSync(path.join(home, place), mode);
    expect(makeOwnFolder(path.join(home, 'a/b'))).toBeNull();
  });

  it('what a link leads to', () => {
    mkdirSync(path.join(home, 'open'));
    chmodSync(path.join(home, 'open'), 0o777);
    symlinkSync(path.join(home, 'open'), path.join(home, 'link'));
    expect(makeOwnFolder(path.join(home, 'link'))).toBeNull();
  });
});

it.each(['relative/folder', '/proc/netdelta', ''])('%j cannot be', (folder) => {
  expect(makeOwnFolder(folder)).toBeNull();
});

it('a file in the way is no folder', () => {
  writeFileSync(path.join(home, 'file'), '');
  expect(makeOwnFolder(path.join(home, 'file', 'a'))).toBeNull();
});
