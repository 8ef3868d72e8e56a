import { RequestProblem } from '../../http/request-problem.ts';
import type { RequestSite } from '../../http/site-routes.ts';
import { recordAccountChange } from '../account-events/record-account-change.ts';
import type { AccountParts } from '../account-parts.ts';
import { hashPassword, isPasswordOf } from '../password-hash.ts';
import { selectPasswordHash, updatePasswordHash } from '../queries.ts';
import { requireStrongPassword } from '../require-strong-password.ts';
import type { OwnAct } from './own-act.ts';
import { deleteResetOf, deleteSessions } from './queries.ts';

interface PasswordChange {
  readonly site: RequestSite;
  readonly oldPassword: string;
  readonly password: string;
}

/**
 * Changes the password and ends all other sessions.
 * @throws RequestProblem 400 for another old password than the one there is, or a weak new one
 */
export async function changePassword(
  parts: Pick<AccountParts, 'database' | 'queue' | 'mail'>,
  { session, ...act }: OwnAct,
  { site, oldPassword, password }: PasswordChange,
): Promise<void> {
  const { system } = parts.database;
  const { id, name, email } = act.person;
  const hash = await selectPasswordHash(system, id);
  if (!hash || !(await isPasswordOf(hash, oldPassword))) throw wrongOld();
  await requireStrongPassword(password, [name, email, site.name, site.slug]);
  const newHash = await hashPassword(password);
  await system.transaction().execute(async (tx) => {
    await deleteResetOf(tx, id);
    await updatePasswordHash(tx, id, newHash);
    const endedSessions = await deleteSessions(
      tx,
      { userId: id, boundTo: null },
      session.sessionId,
    );
    const change = { ...act, action: 'password.changed', after: { endedSessions } } as const;
    await recordAccountChange(parts, tx, change);
  });
}

function wrongOld(): RequestProblem {
  const problems = [{ path: 'oldPassword', message: 'is not the password that you have now' }];
  return new RequestProblem(400, 'wrong-password', 'The password was not changed.', problems);
}
