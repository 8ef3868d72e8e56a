import type { ServiceView } from '@netdelta/core/api/hosts.ts';
import { describeReason } from '@netdelta/core/evidence/describe-reason.ts';
import { type Column, DataTable } from '../../components/data-table.tsx';
import { Moment } from '../../components/moment.tsx';
import { PORT_COLUMN } from '../../components/port-column.tsx';
import { formatCount } from '../../format/count.ts';
import classes from './host-page.module.css';

/** Services of a host; each opens to show why it counts as open and what scripts said. */
export function ServiceTable({ label, services }: { label: string; services: ServiceView[] }) {
  const past = services.some(({ until }) => until !== null);
  return (
    <DataTable
      label={label}
      columns={past ? [...COLUMNS, UNTIL] : COLUMNS}
      rows={services}
      rowKey={({ protocol, port, since }) => `${protocol}/${port} ${since}`}
      detail={(service) => <ServiceDetail service={service} />}
    />
  );
}

const COLUMNS: readonly Column<ServiceView>[] = [
  PORT_COLUMN,
  {
    title: 'Service',
    render: ({ name, guessed }) => (name ? `${name}${guessed ? '?' : ''}` : '–'),
  },
  { title: 'Product', long: true, render: ({ product }) => product ?? '–' },
  { title: 'Since', render: ({ since }) => <Moment at={since} /> },
];

const UNTIL: Column<ServiceView> = {
  title: 'Until',
  render: ({ until }) => <Moment at={until} never="now" />,
};

function ServiceDetail({ service }: { service: ServiceView }) {
  const { reason, guessed, silentScans, scripts } = service;
  return (
    <>
      <div>Open, because {describeReason(reason)}.</div>
      {guessed && <div>Its name is only read from the port table; nothing was asked of it.</div>}
      {silentScans > 0 && (
        <div>No answer in the last {formatCount(silentScans, 'scan')}; that is not yet enough.</div>
      )}
      {scripts.map(({ id, output }) => (
        <div key={id}>
          <strong className="mono">{id}</strong>
          <pre className={`${classes.script} mono`}>{output}</pre>
        </div>
      ))}
    </>
  );
}
