import { Button } from '@mantine/core';
import { describeDevice } from '@netdelta/core/access/describe-device.ts';
import type { OwnSession } from '@netdelta/core/api/people.ts';
import { useQuery } from '@tanstack/react-query';
import { ownSessionsQuery, useEndSession } from '../../api/own-account.ts';
import { type Column, DataTable } from '../../components/data-table.tsx';
import { Loaded } from '../../components/loaded.tsx';
import { Moment } from '../../components/moment.tsx';
import { Panel } from '../../components/panel.tsx';
import { showDone, showFailure } from '../../components/toast.ts';

/** Where one is logged in, with the way to end it. */
export function OwnSessions() {
  const query = useQuery(ownSessionsQuery);
  const others = query.data?.items.some(({ current }) => !current) ?? false;
  return (
    <Panel
      title="Where you are logged in"
      actions={others && <EndSession id="others" label="End all others" />}
      flush
    >
      <Loaded query={query}>
        {({ items }) => (
          <DataTable label="Sessions" columns={COLUMNS} rows={items} rowKey={({ id }) => id} />
        )}
      </Loaded>
    </Panel>
  );
}

const COLUMNS: readonly Column<OwnSession>[] = [
  {
    title: 'Device',
    long: true,
    render: ({ userAgent, current }) => (
      <span title={userAgent}>
        {describeDevice(userAgent)} {current && <span className="quiet">(this one)</span>}
      </span>
    ),
  },
  {
    title: 'Address',
    long: true,
    render: ({ address }) => <span className="mono">{address}</span>,
  },
  { title: 'Logged in', tight: true, render: ({ createdAt }) => <Moment at={createdAt} /> },
  { title: 'By', tight: true, render: ({ openedBy }) => openedBy },
  { title: 'Last used', tight: true, render: ({ lastUsedAt }) => <Moment at={lastUsedAt} /> },
  {
    title: 'End',
    tight: true,
    render: ({ id, current }) => !current && <EndSession id={id} label="End" />,
  },
];

function EndSession({ id, label }: { id: string; label: string }) {
  const end = useEndSession(id);
  const run = () =>
    end.mutate(undefined, {
      onSuccess: () => showDone('Ended: there, a login is asked again.'),
      onError: (error) => showFailure('It was not ended', error),
    });
  return (
    <Button size="compact-xs" variant="default" loading={end.isPending} onClick={run}>
      {label}
    </Button>
  );
}
