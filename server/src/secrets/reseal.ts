import type { Kysely } from 'kysely';
import type { Tables } from '../db/tables.ts';
import { selectSecrets, updateSecret } from './queries.ts';
import type { SealedColumn, StoredSecret } from './sealed-column.ts';
import type { SecretKeys } from './secret-keys.ts';
import { createFixedVault, keyIdOf, SecretUnreadableError, type Vault } from './vault.ts';

/** What became of all stored secrets. */
export interface Resealed {
  /** Looked at. */
  readonly seen: number;
  /** Sealed with the current key now, and were not before. */
  readonly resealed: number;
  /** Left as they are, for no key opens them. */
  readonly unreadable: number;
}

export interface ResealOptions {
  readonly columns: readonly SealedColumn[];
  readonly keys: SecretKeys;
  /** Only what was stored before values were sealed. */
  readonly olderOnly?: boolean;
  readonly signal?: AbortSignal;
  /** Called after each step. */
  readonly tell?: (soFar: Resealed) => void;
}

const AT_ONCE = 100;

/**
 * Seals everything anew that is not sealed with the current key: 100 values a step, each by a statement
 * of its own that changes nothing but what was read, so that it may be interrupted, run twice, and run
 * beside servers that write: what one of them wrote meanwhile is left as it is.
 */
export async function resealAll(db: Kysely<Tables>, options: ResealOptions): Promise<Resealed> {
  const vault = createFixedVault(options.keys);
  let total = { seen: 0, resealed: 0, unreadable: 0 };
  for (const column of options.columns) {
    let after = '';
    for (;;) {
      options.signal?.throwIfAborted();
      const page = await selectSecrets(db, column, { after, limit: AT_ONCE });
      for (const secret of page) {
        const outcome = await resealOne({ db, column, vault, options }, secret);
        total = { ...total, seen: total.seen + 1 };
        if (outcome !== 'as-before') total = { ...total, [outcome]: total[outcome] + 1 };
      }
      if (page.length > 0) options.tell?.(total);
      if (page.length < AT_ONCE) break;
      after = page.at(-1)?.row ?? '';
    }
  }
  return total;
}

interface Resealing {
  readonly db: Kysely<Tables>;
  readonly column: SealedColumn;
  readonly vault: Vault;
  readonly options: ResealOptions;
}

async function resealOne(
  { db, column, vault, options: { keys, olderOnly = false } }: Resealing,
  secret: StoredSecret,
): Promise<'as-before' | 'resealed' | 'unreadable'> {
  const keyId = keyIdOf(secret.stored);
  if (keyId === keys.current.id || (olderOnly && keyId !== null)) return 'as-before';
  try {
    const text = await openStored({ column, vault, keys }, secret);
    const changed = await updateSecret(db, column, secret, await vault.seal(text, secret));
    return changed ? 'resealed' : 'as-before';
  } catch (error) {
    if (error instanceof SecretUnreadableError) return 'unreadable';
    throw error;
  }
}

/** @throws SecretUnreadableError */
export async function openStored(
  { column, vault, keys }: { column: SealedColumn; vault: Vault; keys: SecretKeys },
  secret: StoredSecret,
): Promise<string> {
  const { openOlder } = column;
  if (!openOlder || keyIdOf(secret.stored) !== null) return vault.open(secret.stored, secret);
  for (const { text } of keys.all) {
    const opened = await openOlder(secret.stored, text).catch(() => null);
    if (opened !== null) return opened;
  }
  return vault.open(secret.stored, secret);
}
