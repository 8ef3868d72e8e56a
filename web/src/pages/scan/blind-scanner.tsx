import { Alert } from '@mantine/core';
import type { ScanDetail } from '@netdelta/core/api/scans.ts';
import { IconEyeOff } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import classes from './scan-page.module.css';

/** Says that the scanner heard nothing where something always answered, and what that means. */
export function BlindScanner({ detail: { blind, scan } }: { detail: ScanDetail }) {
  if (!blind) return null;
  return (
    <Alert color="red" icon={<IconEyeOff />} title="The scanner was blind" role="alert">
      <p className={classes.words}>
        Many hosts fell silent at once, and so did all that was asked to tell whether the scanner
        still sees. So nothing was concluded from silence: all hosts are held as they were, and only
        what did answer counts. Check the network of the machine that scans, then scan again. If
        these hosts are really gone, name{' '}
        <Link to="/groups/$groupId/edit" params={{ groupId: scan.groupId }} className="plain-link">
          beacons
        </Link>{' '}
        that still answer: they prove it.
      </p>
    </Alert>
  );
}
