import { Tooltip } from '@mantine/core';
import { statusLabel } from '../format/status.ts';
import classes from './badge.module.css';

const MEANINGS: Readonly<Record<string, string>> = {
  waiting: 'asked for, not yet started',
  running: 'its addresses are being asked',
  cancelling: 'its engine is being stopped',
  finished: 'every address was asked',
  partial: 'some addresses were not asked or not finished; the others count',
  failed: 'nothing of it counts; its problems tell why',
  cancelled: 'stopped by a person; what was finished counts',
  queued: 'will be sent, or sent again, by itself',
  sent: 'the mail server took it',
};

/** The state of a scan or a notification with its mark; the tool tip tells what it means. */
export function StateBadge({ state }: { state: string }) {
  const meaning = MEANINGS[state];
  return (
    <Tooltip label={meaning} disabled={!meaning} multiline maw={260}>
      <span className={classes.badge} data-status={state}>
        <span className={classes.mark} aria-hidden />
        {statusLabel(state)}
      </span>
    </Tooltip>
  );
}
