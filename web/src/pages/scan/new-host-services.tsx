import type { DeltaView } from '@netdelta/core/api/scans.ts';
import { type Column, DataTable } from '../../components/data-table.tsx';
import { HostLink } from '../../components/host-link.tsx';
import { PORT_COLUMN } from '../../components/port-column.tsx';
import { readHostSide } from '../../format/delta-sides.ts';
import { describeProduct, describeServiceName } from '../../format/service.ts';

type HostService = ReturnType<typeof listServices>[number];

/** The services that new hosts came with, one a row. */
export function NewHostServices({ deltas }: { deltas: readonly DeltaView[] }) {
  return (
    <DataTable
      label="New Host Services"
      columns={COLUMNS}
      rows={deltas.flatMap(listServices)}
      rowKey={({ address, protocol, port }) => `${address} ${protocol}/${port}`}
    />
  );
}

function listServices({ groupId, address, after }: DeltaView) {
  const services = readHostSide(after)?.services ?? [];
  return services.map((service) => ({ groupId, address: address ?? '', ...service }));
}

const COLUMNS: readonly Column<HostService>[] = [
  {
    title: 'Host',
    long: true,
    render: ({ groupId, address }) => <HostLink {...{ groupId, address }} />,
  },
  PORT_COLUMN,
  { title: 'Service', render: ({ service }) => describeServiceName(service) ?? '–' },
  { title: 'Product', long: true, render: ({ service }) => describeProduct(service) ?? '–' },
];
