import { Link } from '@tanstack/react-router';
import { formatNumber } from '../format/count.ts';
import { listStatusCounts } from '../format/status.ts';
import { HostStatusBadge } from './host-status-badge.tsx';
import classes from './status-counts.module.css';

interface StatusCountsProps {
  readonly counts: Readonly<Record<string, number>>;
  /** Only the hosts of this group. */
  readonly groupId?: string;
}

/** How many addresses have each status, as a bar and as links to those hosts. */
export function StatusCounts({ counts, groupId }: StatusCountsProps) {
  const rows = listStatusCounts(counts);
  if (rows.length === 0) return <p className={classes.none}>No addresses yet.</p>;
  return (
    <>
      <div className={classes.bar} aria-hidden>
        {rows.map(({ status, count }) => (
          <span key={status} data-status={status} style={{ flexGrow: count }} />
        ))}
      </div>
      <ul className={classes.list}>
        {rows.map(({ status, count }) => (
          <li key={status}>
            <Link
              to="/hosts"
              search={{ status, ...(groupId && { groupId }) }}
              className={classes.link}
            >
              <HostStatusBadge status={status} />
              <strong>{formatNumber(count)}</strong>
            </Link>
          </li>
        ))}
      </ul>
    </>
  );
}
