import { describeDevice } from '@netdelta/core/access/describe-device.ts';
import type { Transaction } from 'kysely';
import { type AuditChange, recordAudits } from '../../audit/record-audit.ts';
import type { Tables } from '../../db/tables.ts';
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
    await recordEnded(parts, tx, { ...act, session }, before);
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
    await recordEnded(parts, tx, { ...act, session }, before);
  });
}

/** What was done through the provider of a site is written down there alone: other sites did not let it in. */
async function recordEnded(
  parts: EndParts,
  tx: Transaction<Tables>,
  { session, ...act }: OwnAct,
  before: AuditChange['before'],
): Promise<void> {
  const action = 'session.ended';
  if (!session.binding) return recordAccountChange(parts, tx, { ...act, action, before });
  const { id, name } = act.person;
  const subject = { kind: 'person', id, name };
  await recordAudits(tx, act.source, [{ siteId: act.siteId, change: { action, subject, before } }]);
}
