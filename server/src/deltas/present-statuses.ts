import type { HostDetail } from '@netdelta/core/api/hosts.ts';
import { hostStatusOf } from '@netdelta/core/host/status.ts';
import type { selectStatuses } from './host-queries.ts';

type Status = HostDetail['statuses'][number];

/** The statuses of a host, newest first. An interval that only tells another name goes on with its status. */
export function presentStatuses(rows: Awaited<ReturnType<typeof selectStatuses>>): Status[] {
  const statuses: Status[] = [];
  for (const { status, valid_from, valid_to, scan_id } of rows) {
    const later = statuses.at(-1);
    const one = { status: hostStatusOf(status), from: valid_from.toISOString(), scanId: scan_id };
    if (later && later.status === one.status && later.from === valid_to?.toISOString())
      statuses[statuses.length - 1] = { ...later, ...one };
    else statuses.push({ ...one, until: valid_to?.toISOString() ?? null });
  }
  return statuses;
}
