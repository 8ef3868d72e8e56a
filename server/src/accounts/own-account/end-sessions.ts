import { describeDevice } from '@netdelta/core/access/describe-device.ts';
import { recordAccountChange } from '../account-events/record-account-change.ts';
import type { AccountParts } from '../account-parts.ts';
import { type OwnAct, scopeOf } from './own-act.ts';
import { deleteSession, deleteSessions } from './queries.ts';

type EndParts = Pick<AccountParts, 'database' | 'queue' | 'mail'>;

/** Ends one session of the person; false when it is none of theirs. */
export function endSession(
  parts: EndParts,
  { session, ...act }: OwnAct,
  id: string,
): Promise<boolean> {
  const scope = scopeOf({ ...act, session });
  return parts.database.system.transaction().execute(async (tx) => {
    const ended = await deleteSession(tx, scope, id);
    if (!ended) return false;
    const { ipAddress, userAgent } = ended;
    const before = { address: ipAddress, device: describeDevice(userAgent ?? '') };
    await recordAccountChange(parts, tx, { ...act, action: 'session.ended', before });
    return true;
  });
}

/** Ends all sessions of the person but the one that asks. */
export async function endOtherSessions(
  parts: EndParts,
  { session, ...act }: OwnAct,
): Promise<void> {
  await parts.database.system.transaction().execute(async (tx) => {
    const endedSessions = await deleteSessions(tx, scopeOf({ ...act, session }), session.sessionId);
    if (endedSessions === 0) return;
    const before = { sessions: endedSessions };
    await recordAccountChange(parts, tx, { ...act, action: 'session.ended', before });
  });
}
