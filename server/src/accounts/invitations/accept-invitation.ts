import { randomUUID } from 'node:crypto';
import { newPassword } from '@netdelta/core/api/accounts.ts';
import type { AcceptRequest, InvitationOffer } from '@netdelta/core/api/people.ts';
import type { SiteTransaction } from '../../db/database.ts';
import { RequestProblem } from '../../http/request-problem.ts';
import type { RequestSite } from '../../http/site-routes.ts';
import type { AccountParts } from '../account-parts.ts';
import type { Client } from '../better-auth.ts';
import { type Entered, enterSite, loginMember, requireLogin } from '../login-member.ts';
import { hashToken } from '../one-time-link.ts';
import { hashPassword } from '../password-hash.ts';
import { insertUser } from '../queries.ts';
import { requireStrongPassword } from '../require-strong-password.ts';
import { endUnproved, isContestable } from './end-unproved.ts';
import {
  type InvitationRow,
  selectOpenInvitation,
  selectPersonByEmail,
  updateToAccepted,
} from './queries.ts';

/** What the holder of the link sees. @throws RequestProblem 410 */
export async function lookAtInvitation(
  parts: AccountParts,
  site: RequestSite,
  token: string,
): Promise<InvitationOffer> {
  const invitation = await requireOpen(parts, site, token);
  const { email, role, inviter, expires_at } = invitation;
  const person = await selectPersonByEmail(parts.database.system, email);
  return {
    siteName: site.name,
    email,
    role,
    invitedBy: inviter,
    expiresAt: expires_at.toISOString(),
    known: person !== undefined,
    contestable: person !== undefined && isContestable(person, invitation),
  };
}

interface Acceptance extends AcceptRequest {
  readonly client: Client;
  /**
   * Writes it down, in the transaction that does it: where only a provider lets members in, they are
   * members all the same.
   */
  readonly note: (tx: SiteTransaction, who: { id: string; name: string }) => Promise<void>;
  /** Counts an attempt to log in, or to make an account (null); throws when there were too many. */
  readonly limit: (email: string | null) => Promise<void>;
}

/**
 * Makes the invited person a member and logs them in. Whose address has an account gives its
 * password; others get an account with this name and password, in place of one that has never proved the
 * address where they say so (`anew`). The link works once.
 * @throws RequestProblem 410 for an ended link, 400 for a weak password, 401 for a wrong one
 */
export async function acceptInvitation(
  parts: AccountParts,
  site: RequestSite,
  acceptance: Acceptance,
): Promise<Entered> {
  const { token, password, code, client, limit } = acceptance;
  const invitation = await requireOpen(parts, site, token);
  const { email } = invitation;
  const found = await selectPersonByEmail(parts.database.system, email);
  if (acceptance.anew && found && !isContestable(found, invitation)) throw proved();
  const person = acceptance.anew ? undefined : found;
  await limit(person ? email : null);
  const credentials = { email, password, code };
  const place = { client, siteId: site.id };
  const login =
    person && (await requireLogin(parts, credentials, { ...place, refused: wrongPassword }));
  const joining = { siteId: site.id, tokenHash: hashToken(token) };
  if (!login) {
    await joinAsNew(parts, site, { ...acceptance, ...joining, email });
    return loginMember(parts, site, { email, password, client });
  }
  await parts.database.system.transaction().execute(async (tx) => {
    const joined = await updateToAccepted(tx, { ...joining, userId: login.user.id });
    if (joined) await acceptance.note(tx, login.user);
  });
  // Where the link had ended meanwhile, the person is no member.
  const entered = await enterSite(parts, site, login);
  if (!entered) throw ended();
  return entered;
}

/** The account and the membership, or neither. */
async function joinAsNew(
  { database }: AccountParts,
  site: RequestSite,
  { name, password, email, siteId, tokenHash, anew, client, note }: Acceptance & Joining,
): Promise<void> {
  const problems = name ? [] : [{ path: 'name', message: 'give a name' }];
  const length = newPassword.safeParse(password).error?.issues ?? [];
  problems.push(...length.map(({ message }) => ({ path: 'password', message })));
  if (!name || problems.length > 0)
    throw new RequestProblem(400, 'invalid', 'The account cannot be made like this.', problems);
  await requireStrongPassword(password, [name, email, site.name, site.slug]);
  const user = { id: randomUUID(), name, email, passwordHash: await hashPassword(password) };
  await database.system.transaction().execute(async (tx) => {
    if (anew) await endUnproved(tx, email, { user, client });
    // The account first: an invitation that has ended takes it back.
    await insertUser(tx, { ...user, platformAdmin: false });
    const joined = await updateToAccepted(tx, { siteId, tokenHash, userId: user.id });
    if (!joined) throw ended();
    await note(tx, user);
  });
}

interface Joining {
  readonly siteId: string;
  readonly tokenHash: Buffer;
  readonly email: string;
}

async function requireOpen(
  { database }: AccountParts,
  site: RequestSite,
  token: string,
): Promise<InvitationRow> {
  const invitation = await database.withSite(site.id, (tx) =>
    selectOpenInvitation(tx, hashToken(token)),
  );
  if (!invitation) throw ended();
  return invitation;
}

function ended(): RequestProblem {
  const message =
    'This invitation is not valid any more: it was accepted, renewed, revoked, or is older than seven days. Ask for a new one.';
  return new RequestProblem(410, 'invitation-ended', message);
}

function wrongPassword(): RequestProblem {
  const message =
    'This is not the password of the account that this e-mail address has already. It is the one that you use in your other sites. You never made one? Ask for an invitation by mail: it proves that the address is yours.';
  return new RequestProblem(401, 'wrong-login', message);
}

function proved(): RequestProblem {
  const message =
    'The account of this e-mail address has proved that it is its own, or this link has not come by mail to it. Give its password; it can be replaced at the login.';
  return new RequestProblem(409, 'address-proved', message);
}
