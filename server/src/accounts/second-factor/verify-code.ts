import type { Transaction } from 'kysely';
import type { AuditSource } from '../../audit/record-audit.ts';
import type { Tables } from '../../db/tables.ts';
import { recordAccountChange } from '../account-events/record-account-change.ts';
import type { AccountParts } from '../account-parts.ts';
import type { AuthUser } from '../auth.ts';
import { findStep } from './authenticator-app.ts';
import { lockFactor, updateToFailed, updateToUsed } from './queries.ts';
import { openAppSecret, openRecoveryCodes, sealRecoveryCodes } from './sealed.ts';

const BY_TIME = /^\d{6}$/;
const LIMIT = { most: 10, lockMinutes: 15 };

interface Proof {
  readonly person: AuthUser;
  /** As it was typed. */
  readonly code: string;
  readonly source: AuditSource;
  readonly siteId: string | null;
}

type VerifyParts = Pick<AccountParts, 'database' | 'vault' | 'queue' | 'mail'>;

/**
 * Whether this is a code of the person's app, or one of their recovery codes. Either is used up by
 * it, whichever process it reaches: a code by time with all earlier ones (RFC 6238, 5.2). After ten
 * wrong ones in a row all are refused for 15 minutes.
 */
export function verifyCode(parts: VerifyParts, { code, ...proof }: Proof): Promise<boolean> {
  const typed = code.replaceAll(/\s/g, '');
  return parts.database.system.transaction().execute(async (tx) => {
    const { id: userId } = proof.person;
    const factor = await lockFactor(tx, userId);
    if (!factor?.verified || factor.locked) return false;
    const right = BY_TIME.test(typed)
      ? await useStep(parts, tx, { ...factor, userId, typed })
      : await useRecoveryCode(parts, tx, { ...factor, ...proof, typed });
    if (right) return true;
    if (await updateToFailed(tx, userId, LIMIT)) await recordLocked(parts, tx, proof);
    return false;
  });
}

interface TypedStep {
  readonly userId: string;
  readonly typed: string;
  readonly secret: string;
  readonly lastStep: string | null;
}

async function useStep(
  { vault }: VerifyParts,
  tx: Transaction<Tables>,
  { userId, typed, secret, lastStep }: TypedStep,
): Promise<boolean> {
  const step = findStep(await openAppSecret(vault, userId, secret), typed, Date.now());
  if (step === null || step <= Number(lastStep ?? 0)) return false;
  await updateToUsed(tx, userId, { last_step: step });
  return true;
}

interface TypedRecoveryCode extends Omit<Proof, 'code'> {
  readonly typed: string;
  readonly backupCodes: string;
}

async function useRecoveryCode(
  parts: VerifyParts,
  tx: Transaction<Tables>,
  { typed, backupCodes, ...proof }: TypedRecoveryCode,
): Promise<boolean> {
  const { person, source, siteId } = proof;
  const codes = await openRecoveryCodes(parts.vault, person.id, backupCodes);
  const left = codes.filter((code) => code !== typed);
  if (left.length === codes.length) return false;
  const sealed = await sealRecoveryCodes(parts.vault, person.id, left);
  await updateToUsed(tx, person.id, { backupCodes: sealed });
  await recordAccountChange(parts, tx, {
    ...{ person, source, siteId, action: 'recoveryCode.used', after: { left: left.length } },
    detail: `one of ${codes.length}; ${left.length} are left`,
  });
  return true;
}

/** Who gave the right password and so many wrong codes need not be the person. */
async function recordLocked(
  parts: VerifyParts,
  tx: Transaction<Tables>,
  { person, source, siteId }: Omit<Proof, 'code'>,
): Promise<void> {
  const actor = { kind: 'nobody', id: null, name: person.email } as const;
  await recordAccountChange(parts, tx, {
    ...{ person, siteId, source: { ...source, actor }, action: 'secondFactor.locked' },
    after: { refusedForMinutes: LIMIT.lockMinutes },
  });
}
