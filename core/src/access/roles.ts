/** What people and API keys may do in a site, each in words that end "may …" and "to …". */
export const PERMISSIONS = {
  read: 'see what this site holds',
  scan: 'start and cancel scans',
  triage: 'judge deltas',
  configure: 'change groups, schedules, profiles, notifications and settings',
  audit: 'read the audit log',
  keys: 'make and revoke API keys',
  members: 'invite people, change their roles and remove them',
  own: 'deactivate and delete it',
} as const;
export type Permission = keyof typeof PERMISSIONS;

/** The roles of people in a site, the one that may most first. */
export const ROLES = ['owner', 'administrator', 'operator', 'viewer', 'auditor'] as const;
export type Role = (typeof ROLES)[number];

interface RoleRow {
  readonly permissions: readonly Permission[];
  /** What somebody in this role does, for those who choose one. */
  readonly meaning: string;
}

const ALL = Object.keys(PERMISSIONS) as readonly Permission[];

/**
 * What each role may do. An administrator may do what an owner may, but end the site and touch owners
 * (`mayGive`), so that a site cannot be taken from them.
 */
export const ROLE_TABLE: Readonly<Record<Role, RoleRow>> = {
  owner: { permissions: ALL, meaning: 'everything; decides who else is an owner' },
  administrator: {
    permissions: ALL.filter((permission) => permission !== 'own'),
    meaning: 'everything but owners, and the end of the site',
  },
  operator: { permissions: ['read', 'scan', 'triage'], meaning: 'sees, scans and judges deltas' },
  viewer: { permissions: ['read'], meaning: 'sees, and changes nothing' },
  auditor: { permissions: ['read', 'audit'], meaning: 'sees, and reads the audit log' },
};

/** What an API key may be given. Keys never manage people or keys: a stolen one makes no other. */
export const KEY_PERMISSIONS = ['read', 'scan', 'triage', 'configure', 'audit'] as const;
export type KeyPermission = (typeof KEY_PERMISSIONS)[number];

/** What a key may do that is made for a role: what the role may, as far as keys may at all. */
export function keyPermissionsOf(role: Role): KeyPermission[] {
  return KEY_PERMISSIONS.filter((permission) => mayDo(role, permission));
}

export function mayDo(role: Role, permission: Permission): boolean {
  return ROLE_TABLE[role].permissions.includes(permission);
}

/** Whether somebody may give this role to others, and take it from them: nobody above their own. */
export function mayGive(own: Role, role: Role): boolean {
  if (role === 'owner') return own === 'owner';
  return (
    mayDo(own, 'members') &&
    ROLE_TABLE[role].permissions.every((permission) => mayDo(own, permission))
  );
}

/** Who may do it, in a sentence for somebody who may not. */
export function describeRefusal(permission: Permission): string {
  const able = ROLES.filter((role) => mayDo(role, permission)).map(withArticle);
  return `Only ${joinWithOr(able)} of this site may ${PERMISSIONS[permission]}.`;
}

function withArticle(role: Role): string {
  return `${/^[aeiou]/.test(role) ? 'an' : 'a'} ${role}`;
}

function joinWithOr(words: readonly string[]): string {
  const [last = '', ...others] = words.toReversed();
  return others.length === 0 ? last : `${others.reverse().join(', ')} or ${last}`;
}
