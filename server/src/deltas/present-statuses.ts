import type { HostDetail } from '@netdelta/core/api/hosts.ts';
import { hostStatusCode, hostStatusOf } from '@netdelta/core/host/status.ts';
import type { selectStatuses } from './host-queries.ts';

type Status = HostDetail['statuses'][number];
type Row = Awaited<ReturnType<typeof selectStatuses>>[number];

const NEW = hostStatusCode('NEW');
const UP = hostStatusCode('UP');

/** The statuses of a host, newest first. An interval that only tells another name goes on with its status. */
export function presentStatuses(rows: readonly Row[]): Status[] {
  const statuses: Status[] = [];
  for (const { status, valid_from, valid_to, scan_id } of rows.flatMap(splitNew)) {
    const later = statuses.at(-1);
    const one = { status: hostStatusOf(status), from: valid_from.toISOString(), scanId: scan_id };
    if (later && later.status === one.status && later.from === valid_to?.toISOString())
      statuses[statuses.length - 1] = { ...later, ...one };
    else statuses.push({ ...one, until: valid_to?.toISOString() ?? null });
  }
  return statuses;
}

/** What is stored as NEW is UP since a later scan ended that covered the host. */
function splitNew(row: Row): Row[] {
  const { new_until: until, new_until_scan_id: scan_id } = row;
  if (row.status !== NEW || !until || (row.valid_to && until >= row.valid_to)) return [row];
  return [
    { ...row, status: UP, valid_from: until, scan_id },
    { ...row, valid_to: until },
  ];
}
