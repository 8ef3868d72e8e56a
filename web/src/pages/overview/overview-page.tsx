import { Stack } from '@mantine/core';
import type { Overview } from '@netdelta/core/api/hosts.ts';
import { useQuery } from '@tanstack/react-query';
import { overviewQuery } from '../../api/overview.ts';
import { ButtonLink } from '../../components/button-link.tsx';
import { DeltaList } from '../../components/delta-list.tsx';
import { Empty } from '../../components/empty.tsx';
import { Loaded } from '../../components/loaded.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { Panel } from '../../components/panel.tsx';
import { ScanTable } from '../../components/scan-table.tsx';
import { StatusCounts } from '../../components/status-counts.tsx';
import { formatCount } from '../../format/count.ts';
import { FalseAlarms } from './false-alarms.tsx';
import { FirstSteps } from './first-steps.tsx';
import { NextRuns } from './next-runs.tsx';
import classes from './overview-page.module.css';
import { RunningScans } from './running-scans.tsx';
import { ScopeEndings } from './scope-endings.tsx';

/** The first page: how it stands, what runs, what changed, what comes next. */
export function OverviewPage() {
  const query = useQuery(overviewQuery);
  return (
    <>
      <PageHeader
        title="Overview"
        facts={query.data && describeSize(query.data)}
        actions={query.data?.groupCount ? <ButtonLink to="/export">Export</ButtonLink> : null}
      />
      <Loaded query={query}>
        {(overview) => (overview.groupCount === 0 ? <FirstSteps /> : <Standing {...overview} />)}
      </Loaded>
    </>
  );
}

function describeSize({ groupCount, addressCount, serviceCount }: Overview) {
  if (groupCount === 0) return undefined;
  return (
    <>
      <span>{formatCount(groupCount, 'group')}</span>
      <span>{formatCount(addressCount, 'address', 'addresses')}</span>
      <span>{formatCount(serviceCount, 'open service')}</span>
    </>
  );
}

function Standing(overview: Overview) {
  return (
    <Stack gap="md">
      <ScopeEndings endings={overview.scopeEndings} />
      {overview.running.length > 0 && <RunningScans scans={overview.running} />}
      <div className={classes.columns}>
        <Stack gap="md" miw={0}>
          <Panel title="Hosts by status">
            <StatusCounts counts={overview.statusCounts} />
          </Panel>
          <RecentDeltas deltas={overview.recentDeltas} />
        </Stack>
        <Stack gap="md" miw={0}>
          <FalseAlarms avoided={overview.falseAlarmsAvoided} />
          <NextRuns runs={overview.nextRuns} />
        </Stack>
      </div>
      <Panel title="Last scans" flush>
        {overview.recentScans.length > 0 ? (
          <ScanTable label="Last scans" scans={overview.recentScans} />
        ) : (
          <Empty title="No scan has finished yet">
            Open a group and choose “Scan now”. Its first scan is what later ones are compared with.
          </Empty>
        )}
      </Panel>
    </Stack>
  );
}

function RecentDeltas({ deltas }: { deltas: Overview['recentDeltas'] }) {
  const actions = (
    <ButtonLink to="/deltas" size="compact-sm" variant="subtle">
      All deltas
    </ButtonLink>
  );
  return (
    <Panel title="Recent deltas" flush {...(deltas.length > 0 && { actions })}>
      {deltas.length > 0 ? (
        <DeltaList deltas={deltas} />
      ) : (
        <Empty title="Nothing has changed">
          Deltas appear when a scan sees something else than the one before it.
        </Empty>
      )}
    </Panel>
  );
}
