import { Progress } from '@mantine/core';
import type { ScanView } from '@netdelta/core/api/scans.ts';
import { formatCount, formatNumber, percentOf } from '../format/count.ts';
import { formatDuration } from '../format/time.ts';
import classes from './scan-progress.module.css';

/** How far a live scan is: a bar, and what it has done and found so far. */
export function ScanProgress({ scan }: { scan: ScanView }) {
  const { addresses, addressesDone, hostsUp, servicesOpen, secondsLeft } = scan.progress;
  const percent = percentOf(addressesDone, addresses);
  return (
    <>
      <Progress.Root size={10} radius="sm">
        <Progress.Section
          value={percent}
          animated={scan.status === 'running'}
          aria-label={`Scan of ${scan.groupName}`}
          aria-valuetext={`${percent} %`}
        />
      </Progress.Root>
      <p className={classes.facts}>
        <span>
          {formatNumber(addressesDone)} of {formatCount(addresses, 'address', 'addresses')} done
        </span>
        <span>{formatCount(hostsUp, 'host')} up</span>
        <span>{formatCount(servicesOpen, 'open service')}</span>
        <span>{describeRest(scan, secondsLeft)}</span>
      </p>
    </>
  );
}

function describeRest({ status }: ScanView, secondsLeft: number | null): string {
  if (status === 'waiting') return 'waiting for its turn';
  if (status === 'cancelling') return 'being cancelled';
  return secondsLeft === null ? 'time left not known yet' : `${formatDuration(secondsLeft)} left`;
}
