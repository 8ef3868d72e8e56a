import { Alert } from '@mantine/core';
import type { ScanView } from '@netdelta/core/api/scans.ts';
import { IconAlertTriangle } from '@tabler/icons-react';
import { formatCount } from '../../format/count.ts';
import classes from './scan-page.module.css';

/** What went wrong in a scan, all of it. */
export function ScanProblems({ problems }: Pick<ScanView, 'problems'>) {
  if (problems.length === 0) return null;
  return (
    <Alert
      color="orange"
      icon={<IconAlertTriangle />}
      title={formatCount(problems.length, 'problem')}
    >
      <ul className={classes.problems}>
        {problems.map(({ what, message }) => (
          <li key={`${what} ${message}`}>
            <strong className="wrap">{what}</strong>: <span className="wrap">{message}</span>
          </li>
        ))}
      </ul>
    </Alert>
  );
}
