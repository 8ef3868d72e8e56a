import { HOST_STATUSES, type HostStatus } from '@netdelta/core/host/status.ts';
import { HOST_EVENTS, HOST_TRANSITIONS, type HostEvent } from '@netdelta/core/host/transitions.ts';
import { type Column, DataTable } from '../../components/data-table.tsx';
import { HostStatusBadge } from '../../components/host-status-badge.tsx';
import { Panel } from '../../components/panel.tsx';

/** What can happen to a host, in the words of a person. */
const EVENTS: Readonly<Record<HostEvent, string>> = {
  same: 'Answers as before',
  different: 'Answers differently',
  silent: 'Silent',
  satisfied: 'Silent enough',
  removed: 'Target removed',
  added: 'Target added',
};

/** Which status follows which: the table by which hosts are judged. */
export function StatusTransitions() {
  return (
    <Panel
      title="What follows what"
      note="A scan that failed, was blind, or did not cover a host changes nothing"
      flush
    >
      <DataTable
        label="What follows what"
        columns={COLUMNS}
        rows={HOST_STATUSES}
        rowKey={({ name }) => name}
      />
    </Panel>
  );
}

const COLUMNS: readonly Column<{ readonly name: HostStatus }>[] = [
  { title: 'Status', render: ({ name }) => <HostStatusBadge status={name} /> },
  ...HOST_EVENTS.map(
    (event): Column<{ readonly name: HostStatus }> => ({
      title: EVENTS[event],
      render: ({ name }) => <Next from={name} to={HOST_TRANSITIONS[name][event]} />,
    }),
  ),
];

function Next({ from, to }: { from: HostStatus; to: HostStatus }) {
  return from === to ? <span className="quiet">stays</span> : <HostStatusBadge status={to} />;
}
