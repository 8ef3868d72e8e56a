import type { ScanDetail } from '@netdelta/core/api/scans.ts';
import { DataTable } from '../../components/data-table.tsx';
import { HostLink } from '../../components/host-link.tsx';
import { Panel } from '../../components/panel.tsx';
import { formatCount } from '../../format/count.ts';

const REASONS: Readonly<Record<string, string>> = {
  'host-timeout': 'took longer than the profile allows a host',
  truncated: "the engine's output broke off",
  cancelled: 'the scan was cancelled before',
  'engine-error': 'the engine failed',
  'scanner-blind': 'the scanner was blind, so its silence says nothing',
  'outside-scope': "outside of the site's scope, so it was not asked",
};

/** The addresses that were asked but not finished: they change nothing. */
export function UncoveredHosts({ detail }: { detail: ScanDetail }) {
  const { uncovered, uncoveredCount, scan } = detail;
  if (uncoveredCount === 0 || detail.detailsExpiredAt) return null;
  const more = uncoveredCount - uncovered.length;
  return (
    <Panel
      title="Not covered"
      note={`${formatCount(uncoveredCount, 'address', 'addresses')} asked but not finished; they change nothing${more > 0 ? `. The first ${uncovered.length} are shown` : ''}`}
      flush
    >
      <DataTable
        label="Addresses not covered"
        rows={uncovered}
        rowKey={({ address }) => address}
        columns={[
          {
            title: 'Address',
            long: true,
            render: ({ address }) => <HostLink groupId={scan.groupId} address={address} />,
          },
          { title: 'Why', render: ({ reason }) => REASONS[reason] ?? reason },
        ]}
      />
    </Panel>
  );
}
