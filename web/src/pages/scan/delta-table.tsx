import type { DeltaView } from '@netdelta/core/api/scans.ts';
import { type Column, DataTable } from '../../components/data-table.tsx';
import { DeltaMark } from '../../components/delta-mark.tsx';
import { HostLink } from '../../components/host-link.tsx';
import { PORT_COLUMN } from '../../components/port-column.tsx';
import { RatingBadge } from '../../components/rating-badge.tsx';
import { formatCount } from '../../format/count.ts';
import { readHostSide, readServiceSide, readTargetSize } from '../../format/delta-sides.ts';
import { DeltaEvidence } from './delta-evidence.tsx';
import classes from './scan-page.module.css';
import { ServiceChange } from './service-change.tsx';

/** The deltas under one heading; each opens to show both its sides and what speaks for it. */
export function DeltaTable({ label, deltas }: { label: string; deltas: readonly DeltaView[] }) {
  return (
    <DataTable
      label={label}
      columns={columnsFor(deltas)}
      rows={deltas}
      rowKey={({ id }) => id}
      detail={(delta) => <DeltaEvidence delta={delta} />}
    />
  );
}

/** Hosts and services that are alike have columns of their own; what is mixed has what all have. */
function columnsFor(deltas: readonly DeltaView[]): readonly Column<DeltaView>[] {
  const all = (isOne: (side: unknown) => boolean) =>
    deltas.every(({ before, after }) => isOne(after ?? before));
  if (all((side) => readServiceSide(side) !== null)) return SERVICE_COLUMNS;
  if (all((side) => readHostSide(side) !== null)) return HOST_COLUMNS;
  return deltas.every(({ kind }) => kind.startsWith('target.')) ? TARGET_COLUMNS : MIXED_COLUMNS;
}

const HOST: Column<DeltaView> = {
  title: 'Host',
  long: true,
  render: ({ kind, groupId, address }) => (
    <span className={classes.subject}>
      <DeltaMark kind={kind} />
      <HostLink groupId={groupId} address={address ?? ''} />
    </span>
  ),
};

const RATING: Column<DeltaView> = {
  title: 'Rating',
  tight: true,
  render: ({ rating }) => (rating ? <RatingBadge rating={rating} /> : '–'),
};

const SENTENCE: Column<DeltaView> = {
  title: 'What happened',
  long: true,
  render: ({ sentence }) => sentence,
};

const SUBJECT: Column<DeltaView> = {
  title: 'What',
  long: true,
  render: ({ kind, groupId, address, target, protocol, port }) => (
    <span className={classes.subject}>
      <DeltaMark kind={kind} />
      <span className="mono wrap">
        {address ? <HostLink groupId={groupId} address={address} /> : target}
        {port !== null && ` ${protocol}/${port}`}
      </span>
    </span>
  ),
};

const MIXED_COLUMNS: readonly Column<DeltaView>[] = [SUBJECT, RATING, SENTENCE];

const SERVICE_COLUMNS: readonly Column<DeltaView>[] = [
  HOST,
  RATING,
  PORT_COLUMN,
  {
    title: 'Service',
    long: true,
    render: ({ before, after }) => (
      <ServiceChange before={readServiceSide(before)} after={readServiceSide(after)} />
    ),
  },
  SENTENCE,
];

const HOST_COLUMNS: readonly Column<DeltaView>[] = [
  HOST,
  RATING,
  {
    title: 'Names',
    long: true,
    render: ({ before, after }) =>
      (readHostSide(after) ?? readHostSide(before))?.names.join(', ') || '–',
  },
  {
    title: 'Services',
    render: ({ before, after }) =>
      formatCount((readHostSide(after) ?? readHostSide(before))?.services.length ?? 0, 'service'),
  },
  SENTENCE,
];

const TARGET_COLUMNS: readonly Column<DeltaView>[] = [
  {
    title: 'Target',
    long: true,
    render: ({ kind, target }) => (
      <span className={classes.subject}>
        <DeltaMark kind={kind} />
        <span className="mono wrap">{target}</span>
      </span>
    ),
  },
  {
    title: 'Addresses',
    render: ({ before, after }) => readTargetSize(after) ?? readTargetSize(before) ?? 'by name',
  },
  SENTENCE,
];
