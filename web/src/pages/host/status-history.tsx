import type { HostDetail } from '@netdelta/core/api/hosts.ts';
import { Link } from '@tanstack/react-router';
import { HostStatusBadge } from '../../components/host-status-badge.tsx';
import { Moment } from '../../components/moment.tsx';
import { Panel } from '../../components/panel.tsx';
import { durationBetween } from '../../format/time.ts';
import classes from './host-page.module.css';

/** All statuses of a host, the newest first. */
export function StatusHistory({ statuses }: Pick<HostDetail, 'statuses'>) {
  const newestFirst = statuses.toSorted((a, b) => b.from.localeCompare(a.from));
  return (
    <Panel title="Status history" flush>
      <ol className={classes.history}>
        {newestFirst.map((step) => (
          <Step key={`${step.from} ${step.status}`} step={step} />
        ))}
      </ol>
    </Panel>
  );
}

function Step({ step: { status, from, until, scanId } }: { step: HostDetail['statuses'][number] }) {
  const length = durationBetween(from, until);
  return (
    <li className={classes.step}>
      <HostStatusBadge status={status} />
      <div className={`${classes.words} prose`}>
        <Moment at={from} absolute />
        {length ? `, for ${length}` : ', until now'}
        {scanId && (
          <>
            {' · '}
            <Link to="/scans/$scanId" params={{ scanId }} className="plain-link">
              scan
            </Link>
          </>
        )}
      </div>
    </li>
  );
}
