import { sql } from 'kysely';
import type { SiteTransaction } from '../../db/database.ts';
import type { Span } from './compare-queries.ts';

const MOST = 1_000;

/** The edits of targets within a span, in their order: the deltas that no scan told. */
export function selectEdits(tx: SiteTransaction, { earlier, later, groupId }: Span) {
  return tx
    .selectFrom('deltas')
    .selectAll()
    .where('scan_id', 'is', null)
    .where('kind', 'in', ['target.added', 'target.removed'])
    .where('at', '>', sql<Date>`${earlier}::timestamptz`)
    .where('at', '<=', sql<Date>`${later}::timestamptz`)
    .$if(groupId !== undefined, (q) => q.where('group_id', '=', groupId as string))
    .orderBy('id')
    .limit(MOST)
    .execute();
}
