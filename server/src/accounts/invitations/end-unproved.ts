import type { Transaction } from 'kysely';
import { recordAudit } from '../../audit/record-audit.ts';
import type { Tables } from '../../db/tables.ts';
import { RequestProblem } from '../../http/request-problem.ts';
import type { Client } from '../better-auth.ts';
import {
  deleteInvitationsBy,
  deleteUser,
  lockUnproved,
  selectMembershipsOf,
} from './end-unproved-queries.ts';

/**
 * Whether an account may have to give way to who accepts: it has never proved that the address is its
 * own (it was made by a link that somebody handed over), and this link was mailed to the address.
 */
export function isContestable(
  { emailVerified }: { readonly emailVerified: boolean },
  { delivery }: { readonly delivery: string },
): boolean {
  return !emailVerified && delivery === 'mail';
}

/**
 * Ends the account that has an address without ever having proved it: with its memberships, which are
 * written down, and its sessions. What it did stays. Whoever proves an address gets nothing that was given to
 * somebody else by its name.
 * @throws RequestProblem 409 for what a site, or the platform, would be left without its last owner
 */
export async function endUnproved(
  tx: Transaction<Tables>,
  email: string,
  by: { readonly user: { readonly id: string; readonly name: string }; readonly client: Client },
): Promise<void> {
  const person = await lockUnproved(tx, email);
  if (!person) return;
  const memberships = await selectMembershipsOf(tx, person.id);
  if (person.platform_admin || memberships.some(({ last_owner }) => last_owner)) throw inUse();
  const actor = { kind: 'person', id: by.user.id, name: by.user.name } as const;
  const subject = { kind: 'member', id: person.id, name: person.email };
  await deleteInvitationsBy(tx, person.id);
  await deleteUser(tx, person.id);
  for (const { site_id, role } of memberships) {
    const change = { action: 'member.removed', subject, before: { role } } as const;
    await recordAudit(tx, site_id, { actor, ...by.client }, change);
  }
}

function inUse(): RequestProblem {
  const message =
    'The account of this e-mail address is the only owner of a site, so it cannot end. Log in with its password, or ask whoever runs this server (netdelta user).';
  return new RequestProblem(409, 'address-in-use', message);
}
