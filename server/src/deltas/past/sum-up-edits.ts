import { reverseEdit, sumEdits, type TargetDelta } from '@netdelta/core/past/net-edits.ts';
import type { SiteTransaction } from '../../db/database.ts';
import { readDelta } from '../read-delta.ts';
import type { Comparison } from './compare-instants.ts';
import { selectEdits } from './edit-queries.ts';

/** Targets that a group has at one instant alone. */
export interface TargetDifference {
  readonly groupId: string;
  readonly groupName: string;
  readonly change: TargetDelta;
}

/** Which targets came or went between two instants, group by group. */
export async function sumUpEdits(
  tx: SiteTransaction,
  { pair, span, groups }: Comparison,
): Promise<TargetDifference[]> {
  const rows = await selectEdits(tx, span);
  return [...Map.groupBy(rows, (row) => row.group_id)].flatMap(([groupId, own]) => {
    const edits = sumEdits(own.map((row) => readDelta(row) as TargetDelta));
    const groupName = groups.get(groupId)?.name ?? '';
    return edits.map((edit) => ({
      ...{ groupId, groupName },
      change: pair.from <= pair.to ? edit : reverseEdit(edit),
    }));
  });
}
