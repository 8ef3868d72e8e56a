import { recordAccountChange } from '../account-events/record-account-change.ts';
import type { AccountParts } from '../account-parts.ts';
import type { OwnAct } from '../own-account/own-act.ts';
import { deleteSessions } from '../own-account/queries.ts';
import { createAppSecret, createRecoveryCodes, findStep, uriOf } from './authenticator-app.ts';
import {
  deleteSecondFactor,
  lockFactor,
  updateRecoveryCodes,
  updateToConfirmed,
  upsertOffer,
} from './queries.ts';
import { openAppSecret, sealAppSecret, sealRecoveryCodes } from './sealed.ts';

type ChangeParts = Pick<AccountParts, 'database' | 'vault' | 'queue' | 'mail'>;

/** What an authenticator app is given, and what helps when it is lost. Told once. */
interface SecondFactorOffer {
  readonly uri: string;
  /** Each works once. */
  readonly recoveryCodes: string[];
}

/** Offers a second factor, which holds from its first code on; null where there is one. */
export async function offerSecondFactor(
  { database, vault }: ChangeParts,
  { person }: OwnAct,
): Promise<SecondFactorOffer | null> {
  const secret = createAppSecret();
  const recoveryCodes = createRecoveryCodes();
  const sealed = {
    userId: person.id,
    secret: await sealAppSecret(vault, person.id, secret),
    backupCodes: await sealRecoveryCodes(vault, person.id, recoveryCodes),
  };
  if (!(await upsertOffer(database.system, sealed))) return null;
  return { uri: uriOf(secret, person.email), recoveryCodes };
}

/**
 * Makes the offered second factor hold and ends the person's other sessions, which no code was asked
 * for. False for a wrong code; true also where it holds already.
 */
export function confirmSecondFactor(
  parts: ChangeParts,
  { session, ...act }: OwnAct,
  code: string,
): Promise<boolean> {
  const { id } = act.person;
  return parts.database.system.transaction().execute(async (tx) => {
    const factor = await lockFactor(tx, id);
    if (!factor) return false;
    if (factor.verified) return true;
    const step = findStep(await openAppSecret(parts.vault, id, factor.secret), code, Date.now());
    if (step === null) return false;
    await updateToConfirmed(tx, id, step);
    const endedSessions = await deleteSessions(
      tx,
      { userId: id, boundTo: null },
      session.sessionId,
    );
    const change = { ...act, action: 'secondFactor.enabled', after: { endedSessions } } as const;
    await recordAccountChange(parts, tx, change);
    return true;
  });
}

/** From now on the login asks the password alone. */
export async function endSecondFactor(
  parts: ChangeParts,
  { session: _stays, ...act }: OwnAct,
): Promise<void> {
  await parts.database.system.transaction().execute(async (tx) => {
    if (!(await deleteSecondFactor(tx, act.person.id))) return;
    await recordAccountChange(parts, tx, { ...act, action: 'secondFactor.ended' });
  });
}

/** New recovery codes instead of all before; null where there is no second factor. */
export function renewRecoveryCodes(
  parts: ChangeParts,
  { session: _stays, ...act }: OwnAct,
): Promise<string[] | null> {
  return parts.database.system.transaction().execute(async (tx) => {
    const { id } = act.person;
    const factor = await lockFactor(tx, id);
    if (!factor?.verified) return null;
    const codes = createRecoveryCodes();
    await updateRecoveryCodes(tx, id, await sealRecoveryCodes(parts.vault, id, codes));
    await recordAccountChange(parts, tx, { ...act, action: 'recoveryCodes.renewed' });
    return codes;
  });
}
