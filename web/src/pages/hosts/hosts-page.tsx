import { Button } from '@mantine/core';
import type { HostView } from '@netdelta/core/api/hosts.ts';
import type { Page } from '@netdelta/core/api/page.ts';
import {
  type InfiniteData,
  type UseInfiniteQueryResult,
  useInfiniteQuery,
} from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { type HostFilter, hostsQuery } from '../../api/hosts.ts';
import { pastHostsQuery } from '../../api/past.ts';
import { AsOfBanner } from '../../components/as-of-banner.tsx';
import { CsvButton } from '../../components/csv-button.tsx';
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
import type { AsOf } from '../../search.ts';
import { HostFilters } from './host-filters.tsx';

const route = getRouteApi('/site/hosts');

/** All hosts, narrowed by what the address bar says. */
export function HostsPage() {
  const search = route.useSearch();
  const { at, ...filter } = search;
  const navigate = route.useNavigate();
  const change = (search: HostFilter & AsOf) => void navigate({ search, replace: true });
  return (
    <>
      <PageHeader
        title="Hosts"
        actions={at === undefined && <CsvButton what="hosts" filter={filter} />}
      />
      <HostFilters filter={search} onChange={change} />
      {at === undefined ? (
        <HostsNow filter={filter} />
      ) : (
        <HostsThen filter={filter} at={at} onNow={() => change(filter)} />
      )}
    </>
  );
}

function HostsNow({ filter }: { filter: HostFilter }) {
  const query = useInfiniteQuery(hostsQuery(filter));
  return (
    <HostsPanel
      query={query}
      empty="Hosts appear when a scan has covered their addresses. Other filters may show more."
    />
  );
}

interface HostsThenProps {
  readonly filter: HostFilter;
  readonly at: string;
  readonly onNow: () => void;
}

function HostsThen({ filter, at, onNow }: HostsThenProps) {
  const query = useInfiniteQuery(pastHostsQuery(filter, at));
  const instant = query.data?.pages[0]?.at.at;
  return (
    <>
      {instant !== undefined && (
        <AsOfBanner at={instant}>
          <Button size="compact-xs" variant="default" onClick={onNow}>
            Back to now
          </Button>
        </AsOfBanner>
      )}
      <HostsPanel
        query={query}
        at={at}
        empty="No scan had covered such a host by then. Other filters may show more."
      />
    </>
  );
}

interface HostsPanelProps {
  readonly query: UseInfiniteQueryResult<InfiniteData<Page<HostView>>>;
  readonly empty: string;
  readonly at?: string;
}

function HostsPanel({ query, empty, at }: HostsPanelProps) {
  const [address, ...others] = COLUMNS as [Column<HostView>, ...Column<HostView>[]];
  const linked = { ...address, render: (host: HostView) => <AddressOf host={host} at={at} /> };
  return (
    <Panel flush>
      <Paged query={query} empty={<Empty title="No such host">{empty}</Empty>}>
        {(hosts) => (
          <DataTable
            label="Hosts"
            columns={[linked, ...others]}
            rows={hosts}
            rowKey={({ groupId, address }) => `${groupId} ${address}`}
          />
        )}
      </Paged>
    </Panel>
  );
}

function AddressOf({ host: { groupId, address }, at }: { host: HostView; at: string | undefined }) {
  return <HostLink groupId={groupId} address={address} at={at} />;
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
