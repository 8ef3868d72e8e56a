import { Alert } from '@mantine/core';
import type { ScanDetail } from '@netdelta/core/api/scans.ts';
import { IconClockOff } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { Moment } from '../../components/moment.tsx';
import { formatCount } from '../../format/count.ts';
import classes from './scan-page.module.css';

/** Says which parts of a scan retention has taken, so that their absence tells nothing else. */
export function ExpiredParts({ detail }: { detail: ScanDetail }) {
  const { detailsExpiredAt, historyExpiredAt, uncoveredCount, scan } = detail;
  const at = detailsExpiredAt ?? historyExpiredAt;
  if (at === null) return null;
  return (
    <Alert color="gray" icon={<IconClockOff />} title="Parts of this scan have expired">
      <p className={classes.words}>
        {detailsExpiredAt &&
          'What each of its shards saw is no longer stored, nor which commands ran: it cannot be replayed. '}
        {detailsExpiredAt &&
          uncoveredCount > 0 &&
          `${formatCount(uncoveredCount, 'address was', 'addresses were')} asked but not finished. `}
        {historyExpiredAt &&
          scan.deltaCount > 0 &&
          `It told ${formatCount(scan.deltaCount, 'delta')}, which are no longer stored. `}
        Taken <Moment at={at} absolute />, by what{' '}
        <Link to="/settings" className="plain-link">
          Settings
        </Link>{' '}
        say of storage.
      </p>
    </Alert>
  );
}
