import { composeLoginLocked } from '@netdelta/core/access/compose-people-letters.ts';
import { recordAudit } from '../../audit/record-audit.ts';
import { MailFailure } from '../../channels/mail/mail-failure.ts';
import type { Database } from '../../db/database.ts';
import type { JobData } from '../../queue/queue.ts';
import type { PeopleMailParts } from '../account-parts.ts';
import { LOCK_NOTICES, subjectOf } from './limits.ts';
import { countAttempt, selectPersonToTell, selectSitesToTell } from './queries.ts';

type Lockout = JobData['login-locked.send'];

/**
 * Writes a lockout into the audit log of every site that the account would have opened, and of the one
 * whose login was tried, whatever address was typed there; and tells the person by mail, once a day.
 * @throws MailFailure when it is to be tried again later
 */
export async function sendLockNotice(
  parts: PeopleMailParts,
  lockout: Lockout,
  { signal, retries }: { signal: AbortSignal; retries: number },
): Promise<void> {
  const { database, mail, baseUrl, log } = parts;
  const person = await selectPersonToTell(database.system, lockout.account);
  if (retries === 0) await record(database, lockout, person);
  if (!person || !mail.configured) return;
  const subject = subjectOf(LOCK_NOTICES, lockout.account);
  const due = retries > 0 || (await countAttempt(database.system, subject, LOCK_NOTICES)).allowed;
  if (!due) return;
  const { at, address, userAgent } = lockout;
  const letter = composeLoginLocked({ at, address, userAgent, url: baseUrl.href });
  try {
    await mail.send({ ...letter, recipient: person.email }, signal);
  } catch (error) {
    if (!(error instanceof MailFailure)) throw error;
    log.warn({ code: error.code }, error.message);
    if (error.retryable) throw error;
  }
}

async function record(
  database: Database,
  { siteId, account, address, userAgent }: Lockout,
  person: { readonly id: string; readonly email: string } | undefined,
): Promise<void> {
  const actor = { kind: 'nobody', id: null, name: person?.email ?? account } as const;
  const userId = person?.id ?? null;
  for (const { id, name } of await selectSitesToTell(database.system, { siteId, userId }))
    await database.withSite(id, async (tx) => {
      const change = { action: 'login.locked', subject: { kind: 'site', id, name } } as const;
      await recordAudit(tx, id, { actor, address, userAgent }, change);
    });
}
