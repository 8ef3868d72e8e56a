import type { FastifyBaseLogger } from 'fastify';
import type { Database } from '../db/database.ts';
import type { DoorRoutes } from '../http/door-routes.ts';
import type { Doorkeeper, SiteRoutes } from '../http/site-routes.ts';
import type { FetchOutside } from '../outbound/fetch-outside.ts';
import type { SecretKeys } from '../secrets/secret-keys.ts';
import type { Vault } from '../secrets/vault.ts';
import { sendNotice } from './account-events/send-notice.ts';
import type { PeopleMailParts } from './account-parts.ts';
import { sendLockNotice } from './attempts/send-lock-notice.ts';
import { createAuth } from './auth.ts';
import { createDoorkeeper } from './doorkeeper.ts';
import { platformRoutes } from './front-door/platform-routes.ts';
import { frontDoorRoutes } from './front-door/routes.ts';
import { invitationRoutes } from './invitations/routes.ts';
import { sendInvitation } from './invitations/send-invitation.ts';
import { keyRoutes } from './keys/routes.ts';
import { createLoginLimits } from './login-limits.ts';
import { memberRoutes } from './members/routes.ts';
import { memberRuleRoutes } from './members/rule-routes.ts';
import { resetRoutes } from './own-account/reset-routes.ts';
import { ownAccountRoutes } from './own-account/routes.ts';
import { sendReset } from './own-account/send-reset.ts';
import { createChallengeCookies } from './passkeys/challenge-cookie.ts';
import { passkeyDoorRoutes, passkeyLoginRoutes } from './passkeys/login-routes.ts';
import { passkeyRoutes } from './passkeys/routes.ts';
import { secondFactorRoutes } from './second-factor/routes.ts';
import { createSessionCookies } from './session-cookie.ts';
import { sessionRoutes } from './session-routes.ts';
import { signOnRoutes } from './sign-on/routes.ts';
import { signOnTripRoutes } from './sign-on/trip-routes.ts';

export interface AccountsParts extends PeopleMailParts {
  readonly database: Database;
  /** Their signing keys sign the session cookies; a session ends with the key that signed it. */
  readonly keys: SecretKeys;
  readonly vault: Vault;
  /** Where people reach the server, if a proxy stands before it. */
  readonly publicUrl: URL | null;
  readonly log: FastifyBaseLogger;
  /** How identity providers are asked. */
  readonly fetchOutside: FetchOutside;
}

/** What the HTTP server needs of the accounts. */
export interface Accounts {
  readonly doorkeeper: Doorkeeper;
  readonly siteRoutes: readonly SiteRoutes[];
  readonly doorRoutes: readonly DoorRoutes[];
}

/** Wires people, their sessions and the front door. */
export async function createAccounts(parts: AccountsParts): Promise<Accounts> {
  const { database, keys, publicUrl, log } = parts;
  const secret = keys.current.signing;
  const auth = await createAuth({ db: database.system, secret, log });
  const signingKeys = keys.all.map(({ signing }) => signing);
  const account = {
    ...{ ...parts, auth },
    cookies: createSessionCookies(auth.cookieName, publicUrl, signingKeys),
    challengeCookies: createChallengeCookies(publicUrl),
    loginLimits: createLoginLimits(parts),
  };
  const doorkeeper = createDoorkeeper(account);
  return {
    doorkeeper,
    siteRoutes: [
      sessionRoutes(account),
      ownAccountRoutes(account),
      secondFactorRoutes(account),
      passkeyRoutes(account),
      passkeyLoginRoutes(account),
      resetRoutes(account),
      memberRoutes(account),
      memberRuleRoutes(account),
      invitationRoutes(account),
      keyRoutes(account),
      signOnRoutes(account),
      signOnTripRoutes(account),
    ],
    doorRoutes: [
      frontDoorRoutes({ ...account, doorkeeper }),
      passkeyDoorRoutes(account),
      platformRoutes(account),
    ],
  };
}

/** Starts sending mails to people: of invitations, forgotten passwords, and changes to their accounts. */
export async function startAccountWorkers(parts: PeopleMailParts): Promise<void> {
  const { queue } = parts;
  await queue.work('invitation.send', 1, (job, { signal }) => sendInvitation(parts, job, signal));
  await queue.work('login-locked.send', 1, (job, context) => sendLockNotice(parts, job, context));
  await queue.work('password-reset.send', 1, (job, { signal }) => sendReset(parts, job, signal));
  await queue.work('account-notice.send', 1, (job, { signal }) => sendNotice(parts, job, signal));
}
