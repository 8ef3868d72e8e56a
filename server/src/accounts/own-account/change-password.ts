import type { Database } from '../../db/database.ts';
import { RequestProblem } from '../../http/request-problem.ts';
import type { RequestPerson, RequestSite } from '../../http/site-routes.ts';
import { hashPassword, isPasswordOf } from '../password-hash.ts';
import { selectPasswordHash, updatePasswordHash } from '../queries.ts';
import { requireStrongPassword } from '../require-strong-password.ts';
import { deleteResetOf, deleteSessions } from './queries.ts';

interface PasswordChange {
  readonly person: RequestPerson;
  readonly site: RequestSite;
  readonly oldPassword: string;
  readonly password: string;
  /** The session that changes it; all others end. */
  readonly keptSession: string;
}

/** @throws RequestProblem 400 for another old password than the one there is, or a weak new one */
export async function changePassword(
  { database: { system } }: { database: Database },
  { person, site, oldPassword, password, keptSession }: PasswordChange,
): Promise<void> {
  const hash = await selectPasswordHash(system, person.id);
  if (!hash || !(await isPasswordOf(hash, oldPassword))) throw wrongOld();
  await requireStrongPassword(password, [person.name, person.email, site.name, site.slug]);
  const newHash = await hashPassword(password);
  await system.transaction().execute(async (tx) => {
    await updatePasswordHash(tx, person.id, newHash);
    await deleteSessions(tx, person.id, keptSession);
    await deleteResetOf(tx, person.id);
  });
}

function wrongOld(): RequestProblem {
  const problems = [{ path: 'oldPassword', message: 'is not the password that you have now' }];
  return new RequestProblem(400, 'wrong-password', 'The password was not changed.', problems);
}
