import { symmetricDecrypt } from 'better-auth/crypto';
import type { SealedColumn } from '../../secrets/sealed-column.ts';
import type { SecretPlace, Vault } from '../../secrets/vault.ts';
import { selectEmail } from '../queries.ts';

const TABLE = 'two_factors';
type Column = 'secret' | 'backupCodes';

export function sealAppSecret(vault: Vault, userId: string, secret: string): Promise<string> {
  return vault.seal(secret, placeOf(userId, 'secret'));
}

/** @throws SecretUnreadableError */
export function openAppSecret(vault: Vault, userId: string, sealed: string): Promise<string> {
  return vault.open(sealed, placeOf(userId, 'secret'));
}

export function sealRecoveryCodes(
  vault: Vault,
  userId: string,
  codes: readonly string[],
): Promise<string> {
  return vault.seal(JSON.stringify(codes), placeOf(userId, 'backupCodes'));
}

/** @throws SecretUnreadableError */
export async function openRecoveryCodes(
  vault: Vault,
  userId: string,
  sealed: string,
): Promise<string[]> {
  return JSON.parse(await vault.open(sealed, placeOf(userId, 'backupCodes')));
}

function placeOf(userId: string, column: Column): SecretPlace {
  return { table: TABLE, column, siteId: null, row: userId };
}

/** Before values were sealed, better-auth had encrypted them with the secret key itself. */
const openOlder = (stored: string, keyText: string) =>
  symmetricDecrypt({ key: keyText, data: stored });

const describe: SealedColumn['describe'] = async (db, { row }) => {
  const email = await selectEmail(db, row);
  return `It is the second factor of ${email}. To end it: netdelta user reset-password --email ${email} --no-second-factor`;
};

/** What second factors store sealed, each person's own. */
export const SEALED_SECOND_FACTORS: readonly SealedColumn[] = (
  ['secret', 'backupCodes'] as const
).map((column) => ({ table: TABLE, column, row: 'userId', site: null, openOlder, describe }));
