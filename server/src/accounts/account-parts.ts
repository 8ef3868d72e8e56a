import type { BaseLogger } from 'pino';
import type { MailSender } from '../channels/mail/mail-sender.ts';
import type { Database } from '../db/database.ts';
import type { Queue } from '../queue/queue.ts';
import type { Vault } from '../secrets/vault.ts';
import type { Auth } from './auth.ts';
import type { createLoginLimits } from './login-limits.ts';
import type { ChallengeCookies } from './passkeys/challenge-cookie.ts';
import type { SessionCookies } from './session-cookie.ts';

/** What the mails to people are made and sent with, in whatever process. */
export interface PeopleMailParts {
  readonly database: Database;
  readonly queue: Queue;
  readonly mail: MailSender;
  /** Where people reach the pages. */
  readonly baseUrl: URL;
  readonly log: Pick<BaseLogger, 'warn'>;
}

/** What the routes of the accounts are made from. */
export interface AccountParts extends PeopleMailParts {
  readonly auth: Auth;
  /** Keeps the second factors. */
  readonly vault: Vault;
  readonly cookies: SessionCookies;
  readonly challengeCookies: ChallengeCookies;
  readonly loginLimits: ReturnType<typeof createLoginLimits>;
  /** Where people reach the server, if a proxy stands before it. */
  readonly publicUrl: URL | null;
}
