import type { SiteTransaction } from '../../db/database.ts';

const SCAN = ['id', 'group_id', 'number', 'status', 'finished_at'] as const;

/** The scan with this id. */
export function selectScanById(tx: SiteTransaction, id: string) {
  return tx.selectFrom('scans').select(SCAN).where('id', '=', id).executeTakeFirst();
}

/** The scan of a group with this number. */
export function selectScanByNumber(tx: SiteTransaction, groupId: string, number: number) {
  return tx
    .selectFrom('scans')
    .select(SCAN)
    .where('group_id', '=', groupId)
    .where('number', '=', number)
    .orderBy('created_at', 'desc')
    .limit(1)
    .executeTakeFirst();
}

export type InstantScan = NonNullable<Awaited<ReturnType<typeof selectScanById>>>;

/** The groups with these ids, or all: what they are called, and how they know their hosts. */
export async function selectGroupFacts(tx: SiteTransaction, ids?: readonly string[]) {
  const rows = await tx
    .selectFrom('groups')
    .select(['id', 'name', 'identity'])
    .$if(ids !== undefined, (q) => q.where('id', 'in', [...(ids ?? [])]))
    .execute();
  return new Map(rows.map((row) => [row.id, row]));
}

/** The group whose past is whole from the latest instant on, of one group or of all; none: all pasts are whole. */
export function selectShortestPast(tx: SiteTransaction, groupId: string | undefined) {
  return tx
    .selectFrom('groups')
    .select(['name', 'history_from'])
    .where('history_from', 'is not', null)
    .$if(groupId !== undefined, (q) => q.where('id', '=', groupId as string))
    .orderBy('history_from', 'desc')
    .limit(1)
    .executeTakeFirst();
}
