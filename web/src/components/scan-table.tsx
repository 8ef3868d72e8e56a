import type { ScanView } from '@netdelta/core/api/scans.ts';
import { Link } from '@tanstack/react-router';
import { isLive } from '../api/scans.ts';
import { formatNumber, percentOf } from '../format/count.ts';
import { durationBetween } from '../format/time.ts';
import { type Column, DataTable } from './data-table.tsx';
import { GroupLink } from './group-link.tsx';
import { Moment } from './moment.tsx';
import { StateBadge } from './state-badge.tsx';

const GROUP: Column<ScanView> = {
  title: 'Group',
  render: (scan) => <GroupLink id={scan.groupId} name={scan.groupName} />,
};

const COLUMNS: readonly Column<ScanView>[] = [
  {
    title: 'Scan',
    render: (scan) => (
      <Link to="/scans/$scanId" params={{ scanId: scan.id }} className="plain-link">
        <Moment at={scan.startedAt ?? scan.createdAt} absolute />
      </Link>
    ),
  },
  { title: 'State', render: (scan) => <StateBadge state={scan.status} /> },
  { title: 'Took', render: (scan) => describeTime(scan) },
  { title: 'Hosts up', render: (scan) => formatNumber(scan.progress.hostsUp), numeric: true },
  {
    title: 'Services',
    render: (scan) => formatNumber(scan.progress.servicesOpen),
    numeric: true,
  },
  { title: 'Deltas', render: (scan) => <DeltaCount scan={scan} />, numeric: true },
];

interface ScanTableProps {
  readonly label: string;
  readonly scans: readonly ScanView[];
  /** False where the page is about one group. */
  readonly withGroup?: boolean;
}

/** Scans, one a row. */
export function ScanTable({ label, scans, withGroup = true }: ScanTableProps) {
  const [first, ...others] = COLUMNS as [Column<ScanView>, ...Column<ScanView>[]];
  const columns = withGroup ? [first, GROUP, ...others] : COLUMNS;
  return <DataTable label={label} columns={columns} rows={scans} rowKey={(scan) => scan.id} />;
}

function DeltaCount({ scan }: { scan: ScanView }) {
  if (isLive(scan)) return <span className="quiet">–</span>;
  if (scan.first) return <span className="quiet">first scan</span>;
  return scan.deltaCount > 0 ? <strong>{formatNumber(scan.deltaCount)}</strong> : <>0</>;
}

function describeTime(scan: ScanView): string {
  if (scan.status === 'waiting') return 'waiting';
  const { addresses, addressesDone } = scan.progress;
  if (isLive(scan)) return `${percentOf(addressesDone, addresses)} %`;
  return durationBetween(scan.startedAt, scan.finishedAt) ?? '–';
}
