import { mayGive, ROLES, type Role } from '@netdelta/core/access/roles.ts';
import type { SiteTransaction } from '../../db/database.ts';
import { notFound, RequestProblem } from '../../http/request-problem.ts';
import type { RequestPerson, RequestSite } from '../../http/site-routes.ts';
import {
  countOwners,
  deleteInvitationsOf,
  deleteMember,
  lockMembers,
  type MemberRow,
  selectMember,
  updateRole,
} from './queries.ts';

interface Change {
  readonly site: RequestSite;
  /** Who changes it. */
  readonly person: RequestPerson;
  /** Who is changed. */
  readonly userId: string;
}

/**
 * Gives a member another role, at once; answers the one before, too.
 * @throws RequestProblem 404; 403 above one's own role; 409 for the last owner
 */
export async function changeRole(
  tx: SiteTransaction,
  { site, person, userId }: Change,
  role: Role,
): Promise<{ before: Role; member: MemberRow }> {
  const own = await lockOwnRole(tx, { site, person });
  const member = await requireMember(tx, userId);
  requireMayGive(own, member.role);
  requireMayGive(own, role);
  if (role === 'owner') requirePassword(member);
  else await requireAnotherOwner(tx, member);
  await updateRole(tx, userId, role);
  await deleteInvitationsOf(tx, userId, lostRoles(role));
  return { before: member.role, member: { ...member, role } };
}

/**
 * Takes somebody out of the site, at once, with the invitations that they had sent.
 * @throws RequestProblem as changeRole
 */
export async function removeMember(
  tx: SiteTransaction,
  { site, person, userId }: Change,
): Promise<MemberRow> {
  const own = await lockOwnRole(tx, { site, person });
  const member = await requireMember(tx, userId);
  requireMayGive(own, member.role);
  await requireAnotherOwner(tx, member);
  await deleteInvitationsOf(tx, userId, ROLES);
  await deleteMember(tx, userId);
  return member;
}

/** @throws RequestProblem 403 when the role is above one's own */
export function requireMayGive(own: Role, role: Role): void {
  if (mayGive(own, role)) return;
  const message =
    role === 'owner'
      ? 'Only an owner may decide who is an owner.'
      : `Only somebody who has all permissions of the role ${role} may give or take it.`;
  throw new RequestProblem(403, 'not-permitted', message);
}

/**
 * One's own role as it is now, for it may have been changed since the request was let in; nobody
 * changes it until the transaction ends.
 * @throws RequestProblem 404 for whoever is no member any more
 */
export async function lockOwnRole(
  tx: SiteTransaction,
  { site, person }: Pick<Change, 'site' | 'person'>,
): Promise<Role> {
  await lockMembers(tx, site.id);
  const own = await selectMember(tx, person.id);
  if (!own) throw notFound('site');
  return own.role;
}

async function requireMember(tx: SiteTransaction, userId: string): Promise<MemberRow> {
  const member = await selectMember(tx, userId);
  if (!member) throw notFound('member');
  return member;
}

async function requireAnotherOwner(tx: SiteTransaction, { role }: MemberRow): Promise<void> {
  if (role !== 'owner' || (await countOwners(tx)) > 1) return;
  const message = 'This is the last owner of the site. Make somebody else an owner first.';
  throw new RequestProblem(409, 'last-owner', message);
}

/** Owners come in whatever becomes of the site's identity provider. */
function requirePassword({ name, home_site: home }: MemberRow): void {
  if (home === null) return;
  const message = `${name} has no password here, and owners need one for the day on which the identity provider is down. Invite them with another address, or give a group the role of owner.`;
  throw new RequestProblem(409, 'without-password', message);
}

/** What somebody in this role may not give to others (any more). */
function lostRoles(role: Role): Role[] {
  return ROLES.filter((given) => !mayGive(role, given));
}
