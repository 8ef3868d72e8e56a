import type { FastifyRequest } from 'fastify';
import type { Kysely } from 'kysely';
import type { Tables } from '../../db/tables.ts';
import { RequestProblem } from '../../http/request-problem.ts';
import type { AccountParts } from '../account-parts.ts';
import type { LimitLogins } from '../login-limits.ts';
import { requirePasskeySession } from '../passkeys/require-passkey-session.ts';
import { isPasswordOf } from '../password-hash.ts';
import { selectPasswordHash } from '../queries.ts';
import { type OwnAct, readOwnAct } from './own-act.ts';

/**
 * Asks the password again before what opens the account is changed: whoever finds an open browser does
 * not have it. Counts as an attempt to log in.
 * @throws RequestProblem 400, 403 as requirePasskeySession, 429
 */
export async function proveOwnAct(
  parts: Pick<AccountParts, 'auth' | 'cookies' | 'database'> & {
    readonly limitLogins: LimitLogins;
  },
  request: FastifyRequest,
  password: string,
): Promise<OwnAct> {
  const { id } = request.person;
  await parts.limitLogins(request, id);
  await requirePassword(parts.database.system, id, password);
  const act = await readOwnAct(parts, request);
  await requirePasskeySession(parts, act);
  return act;
}

async function requirePassword(
  db: Kysely<Tables>,
  userId: string,
  password: string,
): Promise<void> {
  const hash = await selectPasswordHash(db, userId);
  if (hash && (await isPasswordOf(hash, password))) return;
  const problems = [{ path: 'password', message: 'is not your password' }];
  throw new RequestProblem(400, 'wrong-password', 'Nothing was changed.', problems);
}
