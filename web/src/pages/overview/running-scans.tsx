import type { ScanView } from '@netdelta/core/api/scans.ts';
import { Link } from '@tanstack/react-router';
import { Panel } from '../../components/panel.tsx';
import { ScanProgress } from '../../components/scan-progress.tsx';
import { StateBadge } from '../../components/state-badge.tsx';
import classes from './overview-page.module.css';

/** The scans that run now, each with how far it is. */
export function RunningScans({ scans }: { scans: readonly ScanView[] }) {
  return (
    <Panel title="Running now" flush>
      <ul className={classes.runs}>
        {scans.map((scan) => (
          <li key={scan.id} className={classes.run}>
            <Link to="/scans/$scanId" params={{ scanId: scan.id }} className="plain-link wrap">
              {scan.groupName}
            </Link>
            <StateBadge state={scan.status} />
            <div className={classes.wide}>
              <ScanProgress scan={scan} />
            </div>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
