import { describe, expect, it } from 'vitest';
import { describeCheck, failed, ok } from './check.ts';
import {
  decideClock,
  decideEngine,
  decideFreeSpace,
  decideKeyMode,
  decideNode,
  decideStoredSecrets,
  decideUser,
} from './decide.ts';

it.each([
  ['24.21.0', 'ok'],
  ['25.0.0', 'ok'],
  ['20.19.1', 'failed'],
])('Node.js %s is %s', (version, status) => {
  expect(decideNode(version).status).toBe(status);
});

describe('an engine', () => {
  const nmap = {
    name: 'nmap',
    available: true,
    version: '7.93',
    privileged: true,
    note: 'n',
  } as const;
  it.each([
    ['with all rights', nmap, 'ok', undefined],
    ['without raw sockets', { ...nmap, privileged: false }, 'warning', 'n'],
    ['missing', { ...nmap, available: false, version: null }, 'warning', 'n'],
    ['of our own', { ...nmap, name: 'connect', privileged: false } as const, 'ok', undefined],
  ] as const)('%s', (_what, ability, status, remedy) => {
    const check = decideEngine(ability);
    expect([check.status, check.remedy]).toEqual([status, remedy]);
  });
});

it.each([
  [false, null, 'ok'],
  [true, 'netdelta', 'ok'],
  [true, null, 'warning'],
])('root %s that becomes %s is %s', (root, runAs, status) => {
  expect(decideUser(root, runAs).status).toBe(status);
});

it.each([
  [100, 'failed'],
  [500, 'warning'],
  [5000, 'ok'],
])('%i MB free are %s', (mb, status) => {
  expect(decideFreeSpace('/data', mb * 1024 ** 2).status).toBe(status);
});

it.each([
  [0o100600, 'ok'],
  [0o100400, 'ok'],
  [0o100640, 'failed'],
  [0o100604, 'failed'],
  [null, 'ok'],
])('a key of mode %o is %s', (mode, status) => {
  const { remedy = '', ...check } = decideKeyMode('/data/secret-key', mode);
  expect(check.status).toBe(status);
  expect(remedy.includes("chmod 600 '/data/secret-key'")).toBe(status === 'failed');
});

it.each([
  [{ lost: new Map([['abc', 2]]), earlier: 1, unsealed: 0 }, 'failed'],
  [{ lost: new Map(), earlier: 1, unsealed: 0 }, 'warning'],
  [{ lost: new Map(), earlier: 0, unsealed: 1 }, 'ok'],
])('stored secrets %o are %s', (use, status) => {
  expect(decideStoredSecrets(use).status).toBe(status);
});

it.each([
  ['2026-11-24T00:00:00Z', 'ok'],
  ['1970-01-02T00:00:00Z', 'failed'],
])('a clock at %s is %s', (now, status) => {
  expect(decideClock(Date.parse(now), Date.parse('2026-11-01T00:00:00Z')).status).toBe(status);
});

it('is described in a line, and another one with what to do', () => {
  expect(describeCheck(ok('pages', 'built'))).toEqual(['ok       pages: built']);
  expect(describeCheck(failed('pages', 'not built', 'Run it'))).toEqual([
    'failed   pages: not built',
    '         → Run it',
  ]);
});
