import type { HostView } from '@netdelta/core/api/hosts.ts';
import { useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { hostsQuery } from '../../api/hosts.ts';
import { type Column, DataTable } from '../../components/data-table.tsx';
import { Empty } from '../../components/empty.tsx';
import { GroupLink } from '../../components/group-link.tsx';
import { HostLink } from '../../components/host-link.tsx';
import { HostStatusBadge } from '../../components/host-status-badge.tsx';
import { Moment } from '../../components/moment.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { Paged } from '../../components/paged.tsx';
import { Panel } from '../../components/panel.tsx';
import { formatNumber } from '../../format/count.ts';
import { HostFilters } from './host-filters.tsx';

const route = getRouteApi('/site/hosts');

/** All hosts, narrowed by what the address bar says. */
export function HostsPage() {
  const filter = route.useSearch();
  const navigate = route.useNavigate();
  const query = useInfiniteQuery(hostsQuery(filter));
  return (
    <>
      <PageHeader title="Hosts" />
      <HostFilters
        filter={filter}
        onChange={(search) => void navigate({ search, replace: true })}
      />
      <Panel flush>
        <Paged
          query={query}
          empty={
            <Empty title="No such host">
              Hosts appear when a scan has covered their addresses. Other filters may show more.
            </Empty>
          }
        >
          {(hosts) => (
            <DataTable
              label="Hosts"
              columns={COLUMNS}
              rows={hosts}
              rowKey={({ groupId, address }) => `${groupId} ${address}`}
            />
          )}
        </Paged>
      </Panel>
    </>
  );
}

const COLUMNS: readonly Column<HostView>[] = [
  {
    title: 'Address',
    long: true,
    render: ({ groupId, address }) => <HostLink {...{ groupId, address }} />,
  },
  { title: 'Status', render: ({ status }) => <HostStatusBadge status={status} /> },
  { title: 'Since', render: ({ statusSince }) => <Moment at={statusSince} /> },
  { title: 'Names', long: true, render: ({ names }) => names.join(', ') || '–' },
  { title: 'Services', render: ({ serviceCount }) => formatNumber(serviceCount), numeric: true },
  { title: 'System', long: true, render: ({ os, macVendor }) => os ?? macVendor ?? '–' },
  {
    title: 'Group',
    render: ({ groupId, groupName }) => <GroupLink id={groupId} name={groupName} />,
  },
];
