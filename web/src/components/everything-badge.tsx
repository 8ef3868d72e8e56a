import { Tooltip } from '@mantine/core';
import classes from './badge.module.css';

const MEANING =
  'ports that nobody uses accept connections, too: which services it has cannot be told';

/** Marks a host that accepts connections on every port. */
export function EverythingBadge() {
  return (
    <Tooltip label={MEANING} multiline maw={260}>
      <span className={classes.badge} data-status="everything">
        <span className={classes.mark} aria-hidden />
        Answers on every port
      </span>
    </Tooltip>
  );
}
