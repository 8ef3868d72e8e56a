import type { ReplayedScan, ReplayRequest, ReplayView } from '@netdelta/core/api/replay.ts';
import { describeReplay } from '@netdelta/core/policy/describe-replay.ts';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { replayQuery } from '../../api/replay.ts';
import { type Column, DataTable } from '../../components/data-table.tsx';
import { Empty } from '../../components/empty.tsx';
import { Loaded } from '../../components/loaded.tsx';
import { Moment } from '../../components/moment.tsx';
import { Panel } from '../../components/panel.tsx';
import { formatCount, formatNumber } from '../../format/count.ts';
import { ReplayDifferences } from './replay-differences.tsx';
import classes from './replay-page.module.css';

interface ReplayResultProps {
  readonly groupId: string;
  readonly request: ReplayRequest;
}

/** What the tried rule would have told, scan by scan, the newest first. */
export function ReplayResult({ groupId, request }: ReplayResultProps) {
  const query = useQuery(replayQuery(groupId, request));
  return (
    <Panel title="What it would have told" flush>
      <Loaded query={query}>{(view) => <Outcome view={view} />}</Loaded>
    </Panel>
  );
}

function Outcome({ view }: { view: ReplayView }) {
  const compared = view.scans.filter(({ learns }) => !learns);
  if (compared.length === 0)
    return (
      <Empty title="No stored scans to compare yet">
        Of each scan what it saw is kept from now on. The first only learns: scan the group twice or
        more, then try again.
      </Empty>
    );
  const eventful = compared.filter(({ told, wouldTell }) => told > 0 || wouldTell > 0);
  return (
    <>
      <p className={classes.sum} role="status">
        {capitalise(describeReplay(compared.length, view.totals))}.
      </p>
      {eventful.length > 0 && (
        <DataTable
          label="Scans, and what would have been told"
          columns={COLUMNS}
          rows={eventful.toReversed()}
          rowKey={({ scanId }) => scanId}
        />
      )}
      <Remarks view={view} quiet={compared.length - eventful.length} />
    </>
  );
}

function capitalise(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

const COLUMNS: readonly Column<ReplayedScan>[] = [
  {
    title: 'Scan',
    tight: true,
    render: ({ scanId, at }) => (
      <Link to="/scans/$scanId" params={{ scanId }} className="plain-link">
        <Moment at={at} absolute />
      </Link>
    ),
  },
  { title: 'Told', numeric: true, render: ({ told }) => formatNumber(told) },
  { title: 'Would tell', numeric: true, render: ({ wouldTell }) => formatNumber(wouldTell) },
  { title: 'What differs', long: true, render: (scan) => <ReplayDifferences scan={scan} /> },
];

function Remarks({ view, quiet }: { view: ReplayView; quiet: number }) {
  const { totals, expired, unstored, scans } = view;
  const first = scans.find(({ learns }) => learns);
  return (
    <div className={classes.remarks}>
      {first && (
        <div>
          The scan of <Moment at={first.at} absolute /> is the first of them: it only learns.
        </div>
      )}
      {quiet > 0 && <div>{formatCount(quiet, 'scan')} told nothing, and would not have.</div>}
      {expired > 0 && (
        <div>
          {formatCount(expired, 'scan')} left out: what they saw has expired (Settings, Storage).
        </div>
      )}
      {unstored > 0 && (
        <div>{formatCount(unstored, 'scan')} left out: what they saw is not stored.</div>
      )}
      {totals.unexplained > 0 && (
        <div>
          {formatCount(totals.unexplained, 'delta')} told for other reasons, such as edited targets:
          taken as they are.
        </div>
      )}
      <div>What was asked again within a scan is what was asked then.</div>
    </div>
  );
}
