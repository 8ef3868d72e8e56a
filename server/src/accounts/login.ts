import type { AuditSource } from '../audit/record-audit.ts';
import type { AccountParts } from './account-parts.ts';
import type { Login } from './auth.ts';
import type { Client } from './better-auth.ts';
import { hashPassword, isOutdated, isPasswordOf, NOBODYS_HASH } from './password-hash.ts';
import {
  type Credential,
  lockCredential,
  selectCredential,
  updateOutdatedHash,
} from './queries.ts';
import { verifyCode } from './second-factor/verify-code.ts';

export interface Credentials {
  readonly email: string;
  readonly password: string;
  /** Of the authenticator app, or a recovery code, for those who have a second factor. */
  readonly code?: string | undefined;
}

/** From where somebody logs in, and to which site; null: at the front door. */
export interface LoginPlace {
  readonly client: Client;
  readonly siteId: string | null;
}

/**
 * A new session; `wrong` when the e-mail is not known or the password is not its own. Only who has
 * given the right password learns of a second factor: `code-needed`, `wrong-code`.
 */
export type LoginOutcome = Login | 'wrong' | 'code-needed' | 'wrong-code';

type LoginParts = Pick<AccountParts, 'database' | 'auth' | 'vault' | 'queue' | 'mail'>;

/** Logs somebody in by e-mail, password and the second factor that they have. */
export async function logIn(
  parts: LoginParts,
  { email, password, code }: Credentials,
  place: LoginPlace,
): Promise<LoginOutcome> {
  const { system } = parts.database;
  const found = await selectCredential(system, email.toLowerCase());
  // An unknown address takes as long as a known one.
  const fits = await isPasswordOf(found?.passwordHash ?? NOBODYS_HASH, password);
  if (!found || !fits) return 'wrong';
  await renewHash(parts, found, password);
  if (found.secondFactor) {
    if (!code) return 'code-needed';
    const source = sourceOf(found, place);
    const right = await verifyCode(parts, { person: found, code, source, siteId: place.siteId });
    if (!right) return 'wrong-code';
  }
  const login = await parts.auth.openSession(found, 'password', place.client);
  const still = await stillFits(parts, found, password);
  if (still) return login;
  await parts.auth.logout(login.cookie);
  return 'wrong';
}

/**
 * Whether the password and the second factor are those that were judged. What changes one of them
 * ends the sessions that it finds; this one it may not have found.
 */
async function stillFits(
  { database: { system } }: LoginParts,
  judged: Credential,
  password: string,
): Promise<boolean> {
  const now = await system.transaction().execute((tx) => lockCredential(tx, judged.id));
  if (!now || now.secondFactor !== judged.secondFactor) return false;
  return now.passwordHash === judged.passwordHash || isPasswordOf(now.passwordHash, password);
}

function sourceOf({ id, name }: Credential, { client }: LoginPlace): AuditSource {
  const { address, userAgent } = client;
  return { actor: { kind: 'person', id, name }, address, userAgent };
}

/** A password is known only while somebody logs in: then a hash of an older kind is made anew. */
async function renewHash(
  { database: { system } }: LoginParts,
  { id: userId, passwordHash: outdated }: Credential,
  password: string,
): Promise<void> {
  if (!isOutdated(outdated)) return;
  await updateOutdatedHash(system, { userId, outdated, hash: await hashPassword(password) });
}
