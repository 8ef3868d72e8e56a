import type { Role } from '@netdelta/core/access/roles.ts';
import type { SignOnCheckRequest, SignOnRequest } from '@netdelta/core/api/sign-on.ts';
import type { SiteTransaction } from '../../db/database.ts';
import { RequestProblem } from '../../http/request-problem.ts';
import type { RequestPerson, RequestSite } from '../../http/site-routes.ts';
import { lockOwnRole } from '../members/change-members.ts';
import { reachesOwners, toRow } from './present-provider.ts';
import {
  deleteProvider,
  lockProvider,
  type ProviderRow,
  selectProvider,
  upsertProvider,
} from './queries.ts';
import { openSecret, type SignOnParts, sealSecret } from './sign-on-parts.ts';

interface Who {
  readonly site: RequestSite;
  readonly person: RequestPerson;
}

/**
 * Stores what a site says of its provider; answers what it was, too.
 * @throws RequestProblem 403, 409 for what who asks may not decide; 400 when the secret is missing
 */
export async function saveProvider(
  parts: SignOnParts,
  tx: SiteTransaction,
  { site, person, rule }: Who & { rule: SignOnRequest },
): Promise<{ before: ProviderRow | undefined; after: ProviderRow }> {
  const own = await lockOwnRole(tx, { site, person });
  await lockProvider(tx, site.id);
  const before = await selectProvider(tx);
  requireMayDecide(own, [before?.roles, rule.roles]);
  if (rule.enabled && !rule.passwordAllowed) requireMayStayIn(own, person, { before, rule });
  const secret = await sealedSecretOf(parts, { site, before, rule });
  const after = toRow(site.id, rule, secret);
  await upsertProvider(tx, { ...after, roles: JSON.stringify(after.roles) });
  return { before, after };
}

/** @throws RequestProblem 403 as saveProvider */
export async function removeProvider(
  tx: SiteTransaction,
  { site, person }: Who,
): Promise<ProviderRow | undefined> {
  const own = await lockOwnRole(tx, { site, person });
  await lockProvider(tx, site.id);
  const before = await selectProvider(tx);
  requireMayDecide(own, [before?.roles]);
  if (before) await deleteProvider(tx);
  return before;
}

/** Whoever decides who is an owner is one. */
function requireMayDecide(own: Role, rules: readonly (ProviderRow['roles'] | undefined)[]): void {
  if (own === 'owner' || !rules.some((roles) => reachesOwners(roles ?? []))) return;
  const message = 'Only an owner may change a single sign-on that makes owners.';
  throw new RequestProblem(403, 'not-permitted', message);
}

/** Whoever forbids passwords must not be locked out by that. */
function requireMayStayIn(
  own: Role,
  { signedOn }: RequestPerson,
  { before, rule }: { before: ProviderRow | undefined; rule: SignOnRequest },
): void {
  const isProved =
    before?.enabled && before.issuer === rule.issuer && before.client_id === rule.clientId;
  if (own === 'owner' || (signedOn && isProved)) return;
  const message =
    'You could not come in any more: only owners may log in by a password then. Log in through the single sign-on first, or ask an owner.';
  throw new RequestProblem(409, 'own-sign-on-first', message);
}

interface Change {
  readonly site: RequestSite;
  readonly before: ProviderRow | undefined;
  readonly rule: Pick<SignOnRequest, 'issuer' | 'clientId' | 'clientSecret'>;
}

async function sealedSecretOf(
  parts: SignOnParts,
  { site, before, rule }: Change,
): Promise<string | null> {
  if (rule.clientSecret !== undefined) return sealSecret(parts, site.id, rule.clientSecret);
  requireSameClient({ before, rule });
  return before?.client_secret ?? null;
}

/** A secret that nobody may read must not be sent to whomever somebody names. */
function requireSameClient({ before, rule }: Omit<Change, 'site'>): void {
  if (!before?.client_secret) return;
  if (before.issuer === rule.issuer && before.client_id === rule.clientId) return;
  const message = 'has to be given again: it is kept for the issuer and client id that were here';
  const problems = [{ path: 'clientSecret', message }];
  throw new RequestProblem(400, 'invalid', 'The client secret is missing.', problems);
}

/**
 * The secret to try: the given one, or the stored one where it belongs to the same client.
 * @throws RequestProblem 400
 */
export async function secretToCheck(
  parts: SignOnParts,
  before: ProviderRow | undefined,
  rule: SignOnCheckRequest,
): Promise<string | null> {
  if (rule.clientSecret !== undefined) return rule.clientSecret;
  requireSameClient({ before, rule });
  return before ? openSecret(parts, before) : null;
}
