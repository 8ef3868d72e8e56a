import { ActionIcon } from '@mantine/core';
import { IconChevronDown, IconChevronRight } from '@tabler/icons-react';
import { type ReactNode, useState } from 'react';
import classes from './data-table.module.css';

/** One column: its heading, and how a row fills it. */
export interface Column<Row> {
  readonly title: string;
  readonly render: (row: Row) => ReactNode;
  readonly numeric?: boolean;
  /** Keeps to its content and does not wrap: ports, codes. */
  readonly tight?: boolean;
  /** May hold words of any length, such as host names, which then break anywhere. */
  readonly long?: boolean;
}

interface DataTableProps<Row> {
  /** What the table is, for those who do not see it. */
  readonly label: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly rowKey: (row: Row) => string;
  /** What opens below a row; null for rows with nothing more to tell. */
  readonly detail?: (row: Row) => ReactNode;
}

/** Rows as a table; where there is little room each becomes a small card with its headings inside. */
export function DataTable<Row>({ label, columns, rows, rowKey, detail }: DataTableProps<Row>) {
  return (
    <div className={classes.frame}>
      <table className={classes.table} aria-label={label}>
        <thead>
          <tr>
            {detail && <td className={classes.toggle} />}
            {columns.map(({ title, numeric, tight }) => (
              <th key={title} scope="col" data-numeric={numeric} data-tight={tight}>
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <DataRow key={rowKey(row)} row={row} columns={columns} detail={detail} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface DataRowProps<Row> {
  readonly row: Row;
  readonly columns: readonly Column<Row>[];
  readonly detail: ((row: Row) => ReactNode) | undefined;
}

function DataRow<Row>({ row, columns, detail }: DataRowProps<Row>) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <tr>
        {detail && (
          <td className={classes.toggle}>
            <RowToggle open={open} onToggle={() => setOpen(!open)} />
          </td>
        )}
        {columns.map(({ title, render, numeric, tight, long }) => (
          <td
            key={title}
            data-label={title}
            data-numeric={numeric}
            data-tight={tight}
            data-long={long}
          >
            {render(row)}
          </td>
        ))}
      </tr>
      {detail && open && (
        <tr className={classes.detail}>
          <td colSpan={columns.length + 1}>{detail(row)}</td>
        </tr>
      )}
    </>
  );
}

function RowToggle({ open, onToggle }: { open: boolean; onToggle: () => void }) {
  const Icon = open ? IconChevronDown : IconChevronRight;
  return (
    <ActionIcon
      variant="subtle"
      color="gray"
      size="sm"
      aria-expanded={open}
      aria-label={open ? 'Hide details' : 'Show details'}
      onClick={onToggle}
    >
      <Icon size={16} />
    </ActionIcon>
  );
}
