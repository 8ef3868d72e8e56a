import { randomUUID } from 'node:crypto';
import { mayGive, ROLES, type Role } from '@netdelta/core/access/roles.ts';
import {
  assertsSecondFactor,
  decideSignOnRole,
  leavesGroupsOut,
  readGroups,
  type SignOnRefusal,
  tellsGroups,
} from '@netdelta/core/access/sign-on.ts';
import { type AuditChange, recordAudit } from '../../audit/record-audit.ts';
import { type Database, enterSite, type SiteTransaction } from '../../db/database.ts';
import type { RequestSite } from '../../http/site-routes.ts';
import type { Client } from '../better-auth.ts';
import { deleteInvitationsOf, deleteMember, lockMembers } from '../members/queries.ts';
import { createToken } from '../one-time-link.ts';
import {
  insertBoundSession,
  insertLocalPerson,
  insertSubject,
  type SignOnMember,
  type SubjectKey,
  selectDemandsSecondFactor,
  selectMemberByAddress,
  selectMemberBySubject,
  selectOtherOwners,
  updateLocalPerson,
  updateMemberRole,
} from './person-queries.ts';
import { reachesOwners } from './present-provider.ts';
import type { Proof } from './provider.ts';
import { deleteBoundSessions, type ProviderRow, selectProviderNow } from './queries.ts';
import { type ClaimedPerson, readPerson } from './read-person.ts';

/** Somebody whom the provider has vouched for, at the door of its site. */
export interface Visit {
  readonly site: RequestSite;
  readonly provider: ProviderRow;
  readonly proof: Proof;
  readonly client: Client;
}

/** A session of this site alone, or why there is none. */
export type Admission =
  | { readonly outcome: 'entered'; readonly sessionToken: string; readonly member: SignOnMember }
  | { readonly outcome: 'refused'; readonly reason: SignOnRefusal };

/** An admission, and what the provider's word has changed. */
interface Noted {
  readonly admission: Admission;
  readonly changes: readonly AuditChange[];
}

/**
 * Lets somebody in as the member that they are to the provider, in the role that their groups give
 * them now. All of it, the audit log included, is one transaction; visits and other changes of members
 * run one after the other in a site.
 */
export async function admit({ system }: Database, visit: Visit): Promise<Admission> {
  const { site, proof } = visit;
  const person = readPerson(proof.claims, proof.subject);
  return system.transaction().execute(async (tx) => {
    // Whoever changes the provider waits for this, too.
    await lockMembers(tx, site.id);
    const provider = await selectProviderNow(tx, visit.provider);
    const noted = provider
      ? await decide(tx, { ...visit, provider }, person)
      : refuse('no-provider');
    // From here on with the rights of whoever changes this site.
    await enterSite(tx, site.id);
    await endInvitations(tx, noted.admission);
    await writeDown(tx, visit, { ...noted, person });
    return noted.admission;
  });
}

/** Those which somebody may not send any more in the role that they have now. */
async function endInvitations(tx: SiteTransaction, admission: Admission): Promise<void> {
  if (admission.outcome === 'refused') return;
  const { id, role } = admission.member;
  const lost = ROLES.filter((given) => !mayGive(role, given));
  await deleteInvitationsOf(tx, id, lost);
}

async function writeDown(
  tx: SiteTransaction,
  { site, provider, client }: Visit,
  { admission, changes, person }: Noted & { person: ClaimedPerson },
): Promise<void> {
  const from = { address: client.address, userAgent: client.userAgent || null };
  const through = provider.label;
  const vouching = { kind: 'provider', id: null, name: through } as const;
  for (const change of changes)
    await recordAudit(tx, site.id, { actor: vouching, ...from }, change);
  const subject = { kind: 'site', id: site.id, name: site.name };
  if (admission.outcome === 'refused') {
    const actor = { kind: 'nobody', id: null, name: person.email || person.name } as const;
    const after = { through, reason: admission.reason };
    await recordAudit(
      tx,
      site.id,
      { actor, ...from },
      { action: 'session.refused', subject, after },
    );
  } else {
    const { id, name, role } = admission.member;
    const actor = { kind: 'person', id, name } as const;
    const after = { through, role };
    await recordAudit(
      tx,
      site.id,
      { actor, ...from },
      { action: 'session.opened', subject, after },
    );
  }
}

const refuse = (reason: SignOnRefusal, changes: Noted['changes'] = []): Noted => ({
  admission: { outcome: 'refused', reason },
  changes,
});

async function decide(tx: SiteTransaction, visit: Visit, person: ClaimedPerson): Promise<Noted> {
  const { site, provider, proof } = visit;
  const { claims } = proof;
  const key = { siteId: site.id, issuer: provider.issuer, subject: proof.subject };
  const known = await selectMemberBySubject(tx, key);
  const groups = readGroups(claims, provider.groups_claim);
  if (groups.length === 0 && leavesGroupsOut(claims, provider.groups_claim))
    return refuse('groups-left-out');
  const role = decideSignOnRole(groups, provider);
  if (role === null) return withdraw(tx, visit, known);
  const factorAsserted = provider.second_factor === 'always' || assertsSecondFactor(claims);
  if (!factorAsserted && (await selectDemandsSecondFactor(tx, site.id)))
    return refuse('second-factor');
  const found = known
    ? { member: known, changes: [] }
    : await meet(tx, { visit, key, person, role });
  if ('reason' in found) return refuse(found.reason);
  const { member } = found;
  if (isShielded(provider, member)) return refuse('owner-by-password');
  await updateLocalPerson(tx, { ...namesOf(person, proof), id: member.id, siteId: site.id });
  const followed = await followRole(tx, { visit, member, role });
  const sessionToken = await openSession(tx, { visit, userId: member.id, factorAsserted });
  return {
    admission: { outcome: 'entered', sessionToken, member: { ...member, role: followed.role } },
    changes: [...found.changes, ...followed.changes],
  };
}

/**
 * Who only looks after the provider must not become an owner by it, nor take that from one: unless an
 * owner has given a group that role, owners and the provider have nothing to do with each other.
 */
function isShielded(provider: ProviderRow, { role }: Pick<SignOnMember, 'role'>): boolean {
  return role === 'owner' && !reachesOwners(provider.roles);
}

/**
 * Whoever is in none of the groups any more is no member any more, but for the last owner. A provider
 * that says nothing of groups, as when the claim is not the right one, takes nobody's membership.
 */
async function withdraw(
  tx: SiteTransaction,
  { site, provider, proof }: Visit,
  member: SignOnMember | undefined,
): Promise<Noted> {
  if (!member) return refuse('no-group');
  await deleteBoundSessions(tx, site.id, member.id);
  if (!tellsGroups(proof.claims, provider.groups_claim)) return refuse('no-group');
  const lastOwner =
    member.role === 'owner' && (await selectOtherOwners(tx, site.id, member.id)) === 0;
  if (lastOwner || isShielded(provider, member)) return refuse('no-group');
  await enterSite(tx, site.id);
  await deleteInvitationsOf(tx, member.id, ROLES);
  await deleteMember(tx, member.id);
  const before = { role: member.role };
  return refuse('no-group', [{ action: 'member.removed', subject: subjectOf(member), before }]);
}

interface Meeting {
  readonly visit: Visit;
  readonly key: SubjectKey;
  readonly person: ClaimedPerson;
  readonly role: Role;
}

type Met = { member: SignOnMember; changes: AuditChange[] } | { reason: SignOnRefusal };

/**
 * Somebody whom the provider means for the first time: the member with their e-mail address, if the
 * site takes the provider's word for that, or a new one.
 */
async function meet(tx: SiteTransaction, { visit, key, person, role }: Meeting): Promise<Met> {
  const { provider, proof } = visit;
  const member =
    person.email === '' ? undefined : await selectMemberByAddress(tx, key, person.email);
  if (member) {
    if (!person.emailVerified) return { reason: 'unverified-email' };
    if (!provider.links_by_email) return { reason: 'not-linked' };
    if (member.isLinked) return { reason: 'linked-otherwise' };
    if (isShielded(provider, member)) return { reason: 'owner-by-password' };
    await insertSubject(tx, key, member.id);
    const linking = { action: 'member.linked', subject: subjectOf(member) } as const;
    return { member, changes: [{ ...linking, after: { providerSubject: key.subject } }] };
  }
  if (!provider.admits_new) return { reason: 'not-a-member' };
  const added = { id: randomUUID(), ...namesOf(person, proof), role };
  await insertLocalPerson(tx, { ...added, siteId: key.siteId });
  await insertSubject(tx, key, added.id);
  const after = { role, providerSubject: key.subject };
  return {
    member: added,
    changes: [{ action: 'member.added', subject: subjectOf(added), after }],
  };
}

/** Whom a provider gives no address is listed by what it calls them. */
function namesOf({ name, email }: ClaimedPerson, { subject }: Proof) {
  return { name, email: email || subject };
}

/** The role of the groups; the last owner stays one. */
async function followRole(
  tx: SiteTransaction,
  { visit: { site }, member, role }: { visit: Visit; member: SignOnMember; role: Role },
): Promise<Pick<Noted, 'changes'> & { role: Role }> {
  const { id, role: before } = member;
  const stays = before === 'owner' && (await selectOtherOwners(tx, site.id, id)) === 0;
  if (stays || role === before) return { role: before, changes: [] };
  await updateMemberRole(tx, { siteId: site.id, id, role });
  const sides = { before: { role: before }, after: { role } };
  const edit = { action: 'member.edited', subject: subjectOf(member), ...sides } as const;
  return { role, changes: [edit] };
}

async function openSession(
  tx: SiteTransaction,
  { visit, userId, factorAsserted }: { visit: Visit; userId: string; factorAsserted: boolean },
): Promise<string> {
  const { site, provider, client } = visit;
  const { token } = createToken();
  await insertBoundSession(tx, {
    ...{ id: randomUUID(), token, userId, siteId: site.id, factorAsserted },
    ...{ hours: provider.session_hours, address: client.address, userAgent: client.userAgent },
  });
  return token;
}

function subjectOf({ id, name, email }: Pick<SignOnMember, 'id' | 'name' | 'email'>) {
  return { kind: 'member', id, name: `${name} <${email}>` };
}
