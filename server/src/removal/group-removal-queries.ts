import type { SiteTransaction } from '../db/database.ts';

export async function selectIsDeleting(tx: SiteTransaction, groupId: string): Promise<boolean> {
  const group = await tx
    .selectFrom('groups')
    .select('id')
    .where('id', '=', groupId)
    .where('deleting_since', 'is not', null)
    .executeTakeFirst();
  return !!group;
}
