import type { Kysely } from 'kysely';
import type { Tables } from '../db/tables.ts';
import { selectKeyUse, selectSecrets } from './queries.ts';
import { openStored } from './reseal.ts';
import type { SealedColumn } from './sealed-column.ts';
import { findKey, type SecretKeys } from './secret-keys.ts';
import { createFixedVault, keyIdOf, SecretUnreadableError } from './vault.ts';

/** How the stored secrets of one column stand. */
export interface ColumnCheck {
  readonly table: string;
  readonly column: string;
  /** Sealed with the current key. */
  readonly current: number;
  /** Sealed with an earlier key that is given. */
  readonly earlier: number;
  /** Stored before values were sealed. */
  readonly unsealed: number;
  readonly unreadable: number;
  /** Of those that cannot be read, the first ones: whose, why, and what to do. */
  readonly problems: readonly string[];
}

const AT_ONCE = 500;
const MOST_PROBLEMS = 50;

/** Opens every value of a column. */
export async function checkColumn(
  db: Kysely<Tables>,
  column: SealedColumn,
  keys: SecretKeys,
): Promise<ColumnCheck> {
  const counts = { current: 0, earlier: 0, unsealed: 0, unreadable: 0 };
  const problems: string[] = [];
  const parts = { column, keys, vault: createFixedVault(keys) };
  for (let after = ''; ; ) {
    const page = await selectSecrets(db, column, { after, limit: AT_ONCE });
    for (const secret of page) {
      const problem = await openStored(parts, secret).then(() => null, whyUnreadable);
      counts[problem === null ? kindOf(secret.stored, keys) : 'unreadable'] += 1;
      if (problem !== null && problems.length < MOST_PROBLEMS)
        problems.push(`${problem} ${await column.describe(db, secret)}`);
    }
    after = page.at(-1)?.row ?? '';
    if (page.length < AT_ONCE)
      return { table: column.table, column: column.column, ...counts, problems };
  }
}

function whyUnreadable(error: unknown): string {
  if (error instanceof SecretUnreadableError) return error.message;
  throw error;
}

function kindOf(stored: string, keys: SecretKeys): 'current' | 'earlier' | 'unsealed' {
  const keyId = keyIdOf(stored);
  if (keyId === null) return 'unsealed';
  return keyId === keys.current.id ? 'current' : 'earlier';
}

/** How many stored secrets are not sealed with the current key. */
export interface KeyUse {
  /** Sealed with an earlier key that is given. */
  readonly earlier: number;
  /** Stored before values were sealed. */
  readonly unsealed: number;
  /** Sealed with keys that are not given: their ids, and how many each has sealed. */
  readonly lost: ReadonlyMap<string, number>;
}

/** Quickly, for it opens none. */
export async function countKeyUse(
  db: Kysely<Tables>,
  columns: readonly SealedColumn[],
  keys: SecretKeys,
): Promise<KeyUse> {
  const lost = new Map<string, number>();
  let [earlier, unsealed] = [0, 0];
  for (const column of columns)
    for (const { keyId, count } of await selectKeyUse(db, column)) {
      if (keyId === null) unsealed += count;
      else if (!findKey(keys, keyId)) lost.set(keyId, (lost.get(keyId) ?? 0) + count);
      else if (keyId !== keys.current.id) earlier += count;
    }
  return { earlier, unsealed, lost };
}
