import { userInfo } from 'node:os';
import type { Transaction } from 'kysely';
import { recordInAllSites } from '../../accounts/account-events/record-account-change.ts';
import { deleteResetOf, deleteSessions } from '../../accounts/own-account/queries.ts';
import { deletePasskeys } from '../../accounts/passkeys/queries.ts';
import { updatePasswordHash } from '../../accounts/queries.ts';
import { deleteSecondFactor } from '../../accounts/second-factor/queries.ts';
import type { Database } from '../../db/database.ts';
import type { Tables } from '../../db/tables.ts';
import { updateToPlatformAdmin } from './queries.ts';

interface Reset {
  readonly person: { readonly id: string; readonly name: string };
  readonly passwordHash: string;
  readonly platformAdmin: boolean;
  /** What stays; false: it ends. */
  readonly secondFactor: boolean;
  readonly passkeys: boolean;
}

/** Gives somebody another password, ends what else they have lost, and all their sessions. */
export async function resetPassword({ system }: Database, reset: Reset): Promise<void> {
  const { person, passwordHash, platformAdmin, secondFactor, passkeys } = reset;
  const { id } = person;
  const actor = { kind: 'command', id: null, name: userInfo().username } as const;
  const who = { person, source: { actor, address: null, userAgent: null } };
  await system.transaction().execute(async (tx) => {
    await deleteResetOf(tx, id);
    await updatePasswordHash(tx, id, passwordHash);
    const endedSessions = await deleteSessions(tx, { userId: id, boundTo: null }, null);
    const lost = await endLost(tx, id, { secondFactor, passkeys });
    if (platformAdmin) await updateToPlatformAdmin(tx, id);
    const after = { endedSessions, platformAdmin };
    await recordInAllSites(tx, { ...who, action: 'password.reset', after });
    if (lost.secondFactor) await recordInAllSites(tx, { ...who, action: 'secondFactor.ended' });
    if (lost.passkeys > 0) {
      const before = { passkeys: lost.passkeys };
      await recordInAllSites(tx, { ...who, action: 'passkey.removed', before });
    }
  });
}

async function endLost(
  tx: Transaction<Tables>,
  id: string,
  { secondFactor, passkeys }: Pick<Reset, 'secondFactor' | 'passkeys'>,
) {
  return {
    secondFactor: !secondFactor && (await deleteSecondFactor(tx, id)),
    passkeys: passkeys ? 0 : await deletePasskeys(tx, id),
  };
}
