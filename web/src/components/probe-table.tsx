import type { DeltaView } from '@netdelta/core/api/scans.ts';
import type { Contact } from '@netdelta/core/evidence/contact.ts';
import { describeSeconds } from '@netdelta/core/evidence/describe-probes.ts';
import { describeContact, describeReason } from '@netdelta/core/evidence/describe-reason.ts';
import { statusLabel } from '../format/status.ts';
import { formatClock } from '../format/time.ts';
import { type Column, DataTable } from './data-table.tsx';
import { useCalendar } from './session-context.tsx';

type Probe = NonNullable<DeltaView['evidence']['confirmation']>['probes'][number];
type NumberedProbe = Probe & { readonly number: number };

interface ProbeTableProps {
  readonly label: string;
  readonly probes: readonly Probe[];
}

/** The probes that a doubt caused, in their order. */
export function ProbeTable({ label, probes }: ProbeTableProps) {
  return (
    <DataTable
      label={label}
      columns={COLUMNS}
      rows={probes.map((probe, index) => ({ ...probe, number: index + 1 }))}
      rowKey={({ number }) => String(number)}
    />
  );
}

const COLUMNS: readonly Column<NumberedProbe>[] = [
  { title: 'Probe', tight: true, render: ({ number }) => number },
  { title: 'Time', tight: true, render: ({ at }) => <Clock at={at} /> },
  { title: 'Gap', tight: true, render: ({ gapMs }) => describeSeconds(gapMs) },
  { title: 'Asked by', render: ({ contact }) => describeContact(contact as Contact) },
  { title: 'Result', tight: true, render: ({ state }) => statusLabel(state) },
  { title: 'Reason', render: ({ reason }) => describeReason(reason) },
];

function Clock({ at }: { at: string }) {
  return <time dateTime={at}>{formatClock(at, useCalendar())}</time>;
}
