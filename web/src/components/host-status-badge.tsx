import { Tooltip } from '@mantine/core';
import { HOST_STATUSES } from '@netdelta/core/host/status.ts';
import { statusLabel } from '../format/status.ts';
import classes from './badge.module.css';

/** A host status with its mark; the tool tip tells what it means. */
export function HostStatusBadge({ status }: { status: string }) {
  const meaning = HOST_STATUSES.find(({ name }) => name === status)?.meaning;
  return (
    <Tooltip label={meaning} disabled={!meaning} multiline maw={260}>
      <span className={classes.badge} data-status={status}>
        <span className={classes.mark} aria-hidden />
        {statusLabel(status)}
      </span>
    </Tooltip>
  );
}
