import { NativeSelect } from '@mantine/core';
import type { ListedService } from '@netdelta/core/api/service-list.ts';
import { useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { type ServiceFilter, servicesQuery } from '../../api/service-list.ts';
import { type Column, DataTable } from '../../components/data-table.tsx';
import { Empty } from '../../components/empty.tsx';
import { GroupFilter } from '../../components/group-filter.tsx';
import { GroupLink } from '../../components/group-link.tsx';
import { HostLink } from '../../components/host-link.tsx';
import { HostStatusBadge } from '../../components/host-status-badge.tsx';
import { Moment } from '../../components/moment.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { Paged } from '../../components/paged.tsx';
import { Panel } from '../../components/panel.tsx';
import { PORT_COLUMN } from '../../components/port-column.tsx';
import { SearchForm } from '../../components/search-form.tsx';

const route = getRouteApi('/site/services');

/** What is open on all hosts, narrowed by what the address bar says. */
export function ServiceListPage() {
  const filter = route.useSearch();
  const navigate = route.useNavigate();
  const query = useInfiniteQuery(servicesQuery(filter));
  return (
    <>
      <PageHeader
        title="Services"
        facts="What is open, by address. Services of a host that is down are those it had last."
      />
      <ServiceFilters
        filter={filter}
        onChange={(search) => void navigate({ search, replace: true })}
      />
      <Panel flush>
        <Paged
          query={query}
          empty={<Empty title="No such service">Other filters may show more.</Empty>}
        >
          {(services) => (
            <DataTable
              label="Services"
              columns={COLUMNS}
              rows={services}
              rowKey={({ groupId, address, protocol, port }) =>
                `${groupId} ${address} ${protocol}/${port}`
              }
            />
          )}
        </Paged>
      </Panel>
    </>
  );
}

const PROTOCOLS = [
  { value: '', label: 'TCP and UDP' },
  { value: 'tcp', label: 'TCP' },
  { value: 'udp', label: 'UDP' },
];

interface ServiceFiltersProps {
  readonly filter: ServiceFilter;
  readonly onChange: (filter: ServiceFilter) => void;
}

function ServiceFilters({ filter, onChange }: ServiceFiltersProps) {
  return (
    <SearchForm
      filter={filter}
      onChange={onChange}
      placeholder="Name, product and version"
      portLabel="Port"
    >
      <NativeSelect
        label="Protocol"
        data={PROTOCOLS}
        value={filter.protocol ?? ''}
        onChange={({ currentTarget: { value } }) =>
          onChange({ ...filter, protocol: value === '' ? undefined : (value as 'tcp' | 'udp') })
        }
      />
      <GroupFilter
        value={filter.groupId}
        onChange={(groupId) => onChange({ ...filter, groupId })}
      />
    </SearchForm>
  );
}

const COLUMNS: readonly Column<ListedService>[] = [
  {
    title: 'Host',
    long: true,
    render: ({ groupId, address }) => <HostLink {...{ groupId, address }} />,
  },
  PORT_COLUMN,
  {
    title: 'Service',
    render: ({ name, guessed }) => (name ? `${name}${guessed ? '?' : ''}` : '–'),
  },
  { title: 'Product', long: true, render: ({ product }) => product ?? '–' },
  { title: 'Since', render: ({ since }) => <Moment at={since} /> },
  { title: 'Names', long: true, render: ({ hostNames }) => hostNames.join(', ') || '–' },
  { title: 'Status', render: ({ hostStatus }) => <HostStatusBadge status={hostStatus} /> },
  {
    title: 'Group',
    render: ({ groupId, groupName }) => <GroupLink id={groupId} name={groupName} />,
  },
];
