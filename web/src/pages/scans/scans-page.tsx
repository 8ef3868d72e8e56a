import { NativeSelect } from '@mantine/core';
import { SCAN_STATUSES, type ScanStatus } from '@netdelta/core/api/scans.ts';
import { useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { scansQuery } from '../../api/scans.ts';
import { Empty } from '../../components/empty.tsx';
import { FilterBar } from '../../components/filter-bar.tsx';
import { GroupFilter } from '../../components/group-filter.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { Paged } from '../../components/paged.tsx';
import { Panel } from '../../components/panel.tsx';
import { ScanTable } from '../../components/scan-table.tsx';
import { statusLabel } from '../../format/status.ts';

const route = getRouteApi('/site/scans');

const STATES = [
  { value: '', label: 'Any state' },
  ...SCAN_STATUSES.map((value) => ({ value, label: statusLabel(value) })),
];

/** All scans, the newest first. */
export function ScansPage() {
  const filter = route.useSearch();
  const navigate = route.useNavigate();
  const query = useInfiniteQuery(scansQuery(filter));
  const change = (news: typeof filter) =>
    void navigate({ search: { ...filter, ...news }, replace: true });
  return (
    <>
      <PageHeader title="Scans" />
      <FilterBar>
        <GroupFilter value={filter.groupId} onChange={(groupId) => change({ groupId })} />
        <NativeSelect
          label="State"
          data={STATES}
          value={filter.status ?? ''}
          onChange={({ currentTarget: { value } }) =>
            change({ status: value === '' ? undefined : (value as ScanStatus) })
          }
        />
      </FilterBar>
      <Panel flush>
        <Paged
          query={query}
          empty={
            <Empty title="No such scan">
              Open a group and choose “Scan now”, or add a schedule.
            </Empty>
          }
        >
          {(scans) => <ScanTable label="Scans" scans={scans} />}
        </Paged>
      </Panel>
    </>
  );
}
