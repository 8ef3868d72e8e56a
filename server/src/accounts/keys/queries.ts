import type { KeyRequest } from '@netdelta/core/api/people.ts';
import { sql } from 'kysely';
import type { SiteTransaction } from '../../db/database.ts';
import type { NewKeyToken } from './key-token.ts';

const selectRows = (tx: SiteTransaction) =>
  tx
    .selectFrom('api_keys')
    .leftJoin('users', 'users.id', 'api_keys.created_by')
    .where('api_keys.revoked_at', 'is', null)
    .select([
      'api_keys.id',
      'api_keys.name',
      'hint',
      'scopes',
      'api_keys.created_at',
      'api_keys.expires_at',
      'api_keys.last_used_at',
      'users.name as creator',
    ]);

export type KeyRow = NonNullable<Awaited<ReturnType<typeof selectKey>>>;

/** The keys that are not revoked, by id, which is the keyset. */
export async function selectKeys(
  tx: SiteTransaction,
  { after, limit }: { after?: string | undefined; limit: number },
) {
  return selectRows(tx)
    .$if(after !== undefined, (query) => query.where('api_keys.id', '>', after ?? ''))
    .orderBy('api_keys.id')
    .limit(limit)
    .execute();
}

export async function selectKey(tx: SiteTransaction, id: string) {
  return selectRows(tx).where('api_keys.id', '=', id).executeTakeFirst();
}

/** The key with this hash that may be used now. */
export async function selectLiveKey(tx: SiteTransaction, tokenHash: Buffer) {
  return selectRows(tx)
    .where('token_hash', '=', tokenHash)
    .where(sql<boolean>`exists (select from sites where deactivated_at is null)`)
    .where((key) =>
      key.or([key('expires_at', 'is', null), key('expires_at', '>', sql<Date>`now()`)]),
    )
    .executeTakeFirst();
}

export interface NewKey extends KeyRequest {
  readonly siteId: string;
  /** Null: made on the command line. */
  readonly createdBy: string | null;
}

export async function insertKey(
  tx: SiteTransaction,
  { siteId, createdBy, name, scopes, expiresAt }: NewKey,
  { tokenHash, hint }: NewKeyToken,
): Promise<string> {
  const { id } = await tx
    .insertInto('api_keys')
    .values({
      site_id: siteId,
      name,
      token_hash: tokenHash,
      hint,
      scopes,
      created_by: createdBy,
      expires_at: expiresAt,
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  return id;
}

/** False when there is no such key, or it was revoked before. */
export async function updateToRevoked(tx: SiteTransaction, id: string): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('api_keys')
    .set({ revoked_at: sql<Date>`now()` })
    .where('id', '=', id)
    .where('revoked_at', 'is', null)
    .executeTakeFirstOrThrow();
  return numUpdatedRows > 0n;
}

/** Written by all processes in which a key is used: once a minute is enough. */
export async function updateKeyUse(tx: SiteTransaction, id: string): Promise<void> {
  await tx
    .updateTable('api_keys')
    .set({ last_used_at: sql<Date>`now()` })
    .where('id', '=', id)
    .where((key) =>
      key.or([
        key('last_used_at', 'is', null),
        key('last_used_at', '<', sql<Date>`now() - interval '1 minute'`),
      ]),
    )
    .execute();
}
