import type { Kysely } from 'kysely';
import type { Tables } from '../db/tables.ts';
import type { SecretPlace } from './vault.ts';

/** A column that holds sealed secrets, or null. Each table has them named in one place, so that none is forgotten when keys are exchanged. */
export interface SealedColumn {
  readonly table: string;
  readonly column: string;
  /** The column that names the row within its table: the `row` of its places. */
  readonly row: string;
  /** The column that holds the site; null where the table has none. */
  readonly site: string | null;
  /** Opens what was stored before values were sealed, with the text of one secret key; throws when that does not fit. */
  readonly openOlder?: (stored: string, keyText: string) => Promise<string>;
  /** Whose secret it is, and how it is set anew when nothing can open it. */
  readonly describe: (db: Kysely<Tables>, place: SecretPlace) => Promise<string>;
}

/** A stored value with its place. */
export interface StoredSecret extends SecretPlace {
  readonly stored: string;
}
