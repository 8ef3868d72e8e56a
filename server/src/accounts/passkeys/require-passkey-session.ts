import { RequestProblem } from '../../http/request-problem.ts';
import type { AccountParts } from '../account-parts.ts';
import type { OwnAct } from '../own-account/own-act.ts';
import { selectProtection } from './queries.ts';

/**
 * Where a site demands a second factor and the person's is a passkey, a session that the password
 * alone has opened must not make another factor, or take this one away: who has learned the password
 * would come in by it.
 * @throws RequestProblem 403
 */
export async function requirePasskeySession(
  { database }: Pick<AccountParts, 'database'>,
  { person, session }: OwnAct,
): Promise<void> {
  if (session.openedBy === 'passkey') return;
  const { secondFactor, passkey, demanded } = await selectProtection(database.system, person.id);
  if (demanded && passkey && !secondFactor)
    throw new RequestProblem(403, 'passkey-needed', MESSAGE);
}

const MESSAGE =
  'One of your sites demands a second factor, and yours is a passkey: log in by it to change this. You have lost it? Ask whoever runs this server to run: netdelta user reset-password --no-passkeys';
