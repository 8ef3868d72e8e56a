import type { Column } from './data-table.tsx';

/** The column of ports: `tcp/22`. */
export const PORT_COLUMN: Column<{
  readonly protocol: string | null;
  readonly port: number | null;
}> = {
  title: 'Port',
  tight: true,
  render: ({ protocol, port }) => (
    <span className="mono">
      {protocol}/{port}
    </span>
  ),
};
