import type { AuditView } from '@netdelta/core/api/audit.ts';
import { type Column, DataTable } from '../../components/data-table.tsx';
import { Facts } from '../../components/facts.tsx';

const ACTORS = {
  person: 'Person',
  key: 'API key',
  command: 'Command',
  program: 'NetDelta itself',
  provider: 'Identity provider',
  nobody: 'Claimed to be',
};

interface Field {
  readonly name: string;
  readonly before: unknown;
  readonly after: unknown;
}

/** One entry: each field before and after, who it was, and its hash. */
export function AuditDetail({ entry }: { entry: AuditView }) {
  const { actor, userAgent, hash } = entry;
  const fields = listFields(entry);
  return (
    <>
      {fields.length > 0 && (
        <DataTable label="Fields" columns={COLUMNS} rows={fields} rowKey={({ name }) => name} />
      )}
      <Facts
        facts={[
          { label: ACTORS[actor.kind], value: actor.id ?? actor.name },
          { label: 'Client', value: userAgent },
          { label: 'Hash', value: <span className="mono wrap">{hash}</span> },
        ]}
      />
    </>
  );
}

function listFields({ before, after }: AuditView): Field[] {
  const names = [...new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])];
  return names.map((name) => ({ name, before: before?.[name], after: after?.[name] }));
}

function show(value: unknown) {
  if (value === undefined || value === null || value === '')
    return <span className="quiet">–</span>;
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return <span className="mono wrap">{text}</span>;
}

const COLUMNS: readonly Column<Field>[] = [
  { title: 'Field', render: ({ name }) => name },
  { title: 'Before', long: true, render: ({ before }) => show(before) },
  { title: 'After', long: true, render: ({ after }) => show(after) },
];
