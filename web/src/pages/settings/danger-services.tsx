import { DANGER_SERVICES } from '@netdelta/core/evidence/danger-ports.ts';
import { type Column, DataTable } from '../../components/data-table.tsx';
import { Panel } from '../../components/panel.tsx';

/** What the standard list of danger ports holds. */
export function DangerServices() {
  return (
    <Panel title="The standard danger ports" flush>
      <DataTable
        label="The standard danger ports"
        columns={COLUMNS}
        rows={DANGER_SERVICES}
        rowKey={({ ports }) => ports}
      />
    </Panel>
  );
}

const COLUMNS: readonly Column<(typeof DANGER_SERVICES)[number]>[] = [
  { title: 'Ports', render: ({ ports }) => <span className="mono">{ports}</span> },
  { title: 'Service', render: ({ what }) => what },
];
