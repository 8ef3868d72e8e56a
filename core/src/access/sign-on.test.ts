import { describe, expect, test } from 'vitest';
import {
  assertsSecondFactor,
  decideSignOnRole,
  describeSignOnRefusal,
  leavesGroupsOut,
  readGroups,
  tellsGroups,
} from './sign-on.ts';

describe('readGroups', () => {
  test.each([
    ['a list', { groups: ['a', 'b'] }, 'groups', ['a', 'b']],
    ['one text', { groups: 'a b' }, 'groups', ['a b']],
    ['an empty text', { groups: '' }, 'groups', []],
    ['no claim', {}, 'groups', []],
    ['things that are no texts', { groups: ['a', 1, null, { b: 1 }] }, 'groups', ['a']],
    ['an object', { groups: { a: true } }, 'groups', []],
    ['a path', { realm_access: { roles: ['a'] } }, 'realm_access.roles', ['a']],
    ['a path into nothing', { realm_access: 'x' }, 'realm_access.roles.more', []],
    ['a name with dots', { 'https://x.org/groups': ['a'] }, 'https://x.org/groups', ['a']],
    ['what every object has', {}, 'constructor.name', []],
  ])('%s', (_what, claims, claim, groups) => {
    expect(readGroups(claims, claim)).toEqual(groups);
  });
});

test.each([
  [{ groups: [] }, true],
  [{ groups: '' }, true],
  [{ groups: null }, false],
  [{}, false],
])('groups are told by %j: %s', (claims, expected) => {
  expect(tellsGroups(claims, 'groups')).toBe(expected);
});

test.each([
  [{ _claim_names: { groups: 'src1' } }, true],
  [{ _claim_names: { other: 'src1' } }, false],
  [{ _claim_names: 'groups' }, false],
  [{}, false],
])('groups that are too many for a token: %j', (claims, expected) => {
  expect(leavesGroupsOut(claims, 'groups')).toBe(expected);
});

describe('decideSignOnRole', () => {
  const roles = [
    { group: 'auditors', role: 'auditor' },
    { group: 'ops', role: 'operator' },
    { group: 'admins', role: 'administrator' },
  ] as const;

  test.each([
    [['ops'], null, 'operator'],
    [['auditors', 'admins', 'ops'], null, 'administrator'],
    [['others'], null, null],
    [['others'], 'viewer', 'viewer'],
    [['OPS'], null, null],
    [[], 'viewer', 'viewer'],
  ] as const)('%j, otherwise %s: %s', (groups, otherwise, role) => {
    expect(decideSignOnRole(groups, { roles, otherwise })).toBe(role);
  });
});

test.each([
  [{ amr: ['pwd'] }, false],
  [{ amr: ['pwd', 'pin'] }, false],
  [{ amr: ['otp', 'sms'] }, false],
  [{ amr: ['pwd', 'otp'] }, true],
  [{ amr: ['mfa'] }, true],
  [{ amr: 'mfa' }, false],
  [{ amr: ['toString', 'pwd'] }, false],
  [{ acr: 'phr' }, true],
  [{ acr: '1' }, false],
  [{}, false],
])('a second factor by %j: %s', (claims, expected) => {
  expect(assertsSecondFactor(claims)).toBe(expected);
});

test('only known refusals have a sentence', () => {
  expect(describeSignOnRefusal('no-group')).toMatch(/^None of your groups/);
  for (const other of ['', 'toString', 'anything']) {
    expect(describeSignOnRefusal(other)).toBeUndefined();
  }
});
