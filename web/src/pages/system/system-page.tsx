import { Stack } from '@mantine/core';
import type { SystemView } from '@netdelta/core/api/hosts.ts';
import { HOST_STATUSES } from '@netdelta/core/host/status.ts';
import { useQuery } from '@tanstack/react-query';
import { systemQuery } from '../../api/overview.ts';
import { ButtonLink } from '../../components/button-link.tsx';
import { type Column, DataTable } from '../../components/data-table.tsx';
import { Facts } from '../../components/facts.tsx';
import { HostStatusBadge } from '../../components/host-status-badge.tsx';
import { Loaded } from '../../components/loaded.tsx';
import { May } from '../../components/may.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { Panel } from '../../components/panel.tsx';
import { useSession } from '../../components/session-context.tsx';
import { formatCount } from '../../format/count.ts';
import { StatusTransitions } from './status-transitions.tsx';

type Engine = SystemView['engines'][number];

/** What this installation can do, what it lacks, and what the status codes mean. */
export function SystemPage() {
  const query = useQuery(systemQuery);
  return (
    <>
      <PageHeader title="System" facts={query.data && `NetDelta ${query.data.version}`} />
      <Stack gap="md">
        <Loaded query={query}>{(system) => <Installation system={system} />}</Loaded>
        <SiteFacts />
        <Panel title="Host status codes" flush>
          <DataTable
            label="Host status codes"
            columns={STATUS_COLUMNS}
            rows={HOST_STATUSES}
            rowKey={({ name }) => name}
          />
        </Panel>
        <StatusTransitions />
      </Stack>
    </>
  );
}

function Installation({ system: { engines, mail, playground } }: { system: SystemView }) {
  return (
    <>
      <Panel title="Engines" note="What sends the probes" flush>
        <DataTable
          label="Engines"
          columns={ENGINE_COLUMNS}
          rows={engines}
          rowKey={({ name }) => name}
        />
      </Panel>
      <Panel title="Mail and playground">
        <Facts
          facts={[
            { label: 'Mail', value: `${mail.configured ? 'Set up' : 'Not set up'}. ${mail.note}` },
            { label: 'Playground', value: describePlayground(playground) },
          ]}
        />
        {playground.running && (
          <May do="configure">
            <ButtonLink to="/groups/new" search={{ playground: '1' }} size="xs" mt="xs">
              Add the playground as a group
            </ButtonLink>
          </May>
        )}
      </Panel>
    </>
  );
}

function describePlayground({ running, targets }: SystemView['playground']): string {
  return running ? `Running, on ${targets}` : 'Not running';
}

function SiteFacts() {
  const { site } = useSession();
  return (
    <Panel title="Site">
      <Facts
        facts={[
          { label: 'Name', value: site.name },
          { label: 'Address', value: <span className="mono">/{site.slug}/</span> },
          { label: 'Time zone', value: site.timeZone },
          {
            label: 'Largest group',
            value: formatCount(site.targetLimit, 'address', 'addresses'),
          },
        ]}
      />
    </Panel>
  );
}

const ENGINE_COLUMNS: readonly Column<Engine>[] = [
  { title: 'Engine', render: ({ name }) => (name === 'connect' ? 'Built-in connect' : name) },
  { title: 'Available', tight: true, render: ({ available }) => (available ? 'yes' : 'no') },
  { title: 'Version', tight: true, render: ({ version }) => version ?? '–' },
  {
    title: 'Privileges',
    tight: true,
    render: ({ privileged }) => (privileged ? 'raw packets' : 'none'),
  },
  { title: 'Note', render: ({ note }) => note },
];

const STATUS_COLUMNS: readonly Column<(typeof HOST_STATUSES)[number]>[] = [
  { title: 'Code', render: ({ code }) => code, tight: true },
  { title: 'Status', render: ({ name }) => <HostStatusBadge status={name} /> },
  { title: 'Name', render: ({ name }) => <span className="mono">{name}</span> },
  { title: 'Meaning', render: ({ meaning }) => meaning },
];
