import type { Delta } from '@netdelta/core/delta/delta.ts';
import { DELTA_KINDS } from '@netdelta/core/delta/kinds.ts';
import type { Selectable } from 'kysely';
import type { DeltasTable } from '../db/tables.ts';

type SubjectColumns = Pick<Selectable<DeltasTable>, 'target' | 'address' | 'protocol' | 'port'>;

/** Makes a stored delta the domain's. The row's columns are those of its kind's subject. */
export function readDelta(
  row: Pick<Selectable<DeltasTable>, 'kind' | 'before' | 'after' | 'evidence'> & SubjectColumns,
): Delta {
  const { kind, before, after, evidence, target, address, protocol, port } = row;
  const subject = {
    target: { target },
    host: { address },
    service: { address, protocol, port },
  }[DELTA_KINDS[kind].subject];
  return { kind, before, after, evidence, subject } as Delta;
}
