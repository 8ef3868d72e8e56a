import type { Kysely } from 'kysely';
import type { Tables } from '../../db/tables.ts';
import { RequestProblem } from '../../http/request-problem.ts';
import { isPasswordOf } from '../password-hash.ts';
import { selectPasswordHash } from '../queries.ts';

/** Asks the password again before something that opens the account is changed. @throws RequestProblem 400 */
export async function requirePassword(
  db: Kysely<Tables>,
  userId: string,
  password: string,
): Promise<void> {
  const hash = await selectPasswordHash(db, userId);
  if (hash && (await isPasswordOf(hash, password))) return;
  const problems = [{ path: 'password', message: 'is not your password' }];
  throw new RequestProblem(400, 'wrong-password', 'Nothing was changed.', problems);
}
