import { describe, expect, test } from 'vitest';
import { describeRefusal, keyPermissionsOf, mayDo, mayGive, PERMISSIONS, ROLES } from './roles.ts';

/** Written down a second time on purpose: whoever changes what a role may do has to say so twice. */
const MAY = {
  owner: 'read scan triage configure audit keys members own',
  administrator: 'read scan triage configure audit keys members',
  operator: 'read scan triage',
  viewer: 'read',
  auditor: 'read audit',
};

const GIVES = {
  owner: 'owner administrator operator viewer auditor',
  administrator: 'administrator operator viewer auditor',
  operator: '',
  viewer: '',
  auditor: '',
};

describe.each(ROLES)('%s', (role) => {
  test('may do this and nothing else', () => {
    const may = Object.keys(PERMISSIONS).filter((name) => mayDo(role, name as 'read'));
    expect(may.join(' ')).toBe(MAY[role]);
  });

  test('may give these roles and no other', () => {
    expect(ROLES.filter((other) => mayGive(role, other)).join(' ')).toBe(GIVES[role]);
  });

  test('a key of this role manages neither people nor keys, and ends no site', () => {
    const expected = MAY[role].replace(/ keys members( own)?/, '');
    expect(keyPermissionsOf(role).join(' ')).toBe(expected);
  });
});

test.each([
  [
    'scan',
    'Only an owner, an administrator or an operator of this site may start and cancel scans.',
  ],
  ['audit', 'Only an owner, an administrator or an auditor of this site may read the audit log.'],
  [
    'members',
    'Only an owner or an administrator of this site may invite people, change their roles and remove them.',
  ],
] as const)('who may not %s is told who may', (permission, sentence) => {
  expect(describeRefusal(permission)).toBe(sentence);
});
