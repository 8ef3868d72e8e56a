import { Group } from '@mantine/core';
import type { ScopeEntryView } from '@netdelta/core/api/scope.ts';
import { useRemoveScopeEntry } from '../../api/scope.ts';
import { ConfirmButton } from '../../components/confirm-button.tsx';
import { type Column, DataTable } from '../../components/data-table.tsx';
import { May } from '../../components/may.tsx';
import { showDone } from '../../components/toast.ts';
import { formatCount } from '../../format/count.ts';
import { Ending } from './ending.tsx';
import { ScopeForm } from './scope-form.tsx';
import classes from './scope-page.module.css';

interface ScopeEntriesProps {
  readonly label: string;
  readonly entries: readonly ScopeEntryView[];
  readonly editable?: boolean;
}

/** Authorisations, each opening to be changed by those who may. */
export function ScopeEntries({ label, entries, editable = false }: ScopeEntriesProps) {
  return (
    <DataTable
      label={label}
      columns={editable ? [...COLUMNS, REMOVE] : COLUMNS}
      rows={entries}
      rowKey={({ id }) => id}
      {...(editable && {
        detail: (entry: ScopeEntryView) => (
          <May do="configure">
            <ScopeForm entry={entry} />
          </May>
        ),
      })}
    />
  );
}

const COLUMNS: readonly Column<ScopeEntryView>[] = [
  {
    title: 'Targets',
    long: true,
    render: (entry) => (
      <>
        <code className={`mono ${classes.targets}`}>{entry.targets}</code>
        <span className="quiet">{describeSize(entry)}</span>
      </>
    ),
  },
  {
    title: 'Authorised by',
    long: true,
    render: ({ authorisedBy, note }) => (
      <>
        {authorisedBy}
        {note && <div className="quiet">{note}</div>}
      </>
    ),
  },
  { title: 'Until', tight: true, render: (entry) => <Ending {...entry} /> },
];

const REMOVE: Column<ScopeEntryView> = {
  title: 'Change',
  tight: true,
  render: (entry) => (
    <May do="configure">
      <Remove entry={entry} />
    </May>
  ),
};

function describeSize({ addressCount, nameCount }: ScopeEntryView): string {
  const addresses = formatCount(addressCount, 'address', 'addresses');
  return nameCount > 0 ? `${addresses}, ${formatCount(nameCount, 'name')}` : addresses;
}

function Remove({ entry }: { entry: ScopeEntryView }) {
  const remove = useRemoveScopeEntry(entry.id);
  const run = async () => {
    await remove.mutateAsync();
    showDone('The authorisation has been taken back.');
  };
  return (
    <Group justify="flex-end">
      <ConfirmButton
        label="Take back"
        look={{ size: 'compact-sm', variant: 'subtle' }}
        question="Take this authorisation back?"
        confirm="Take it back"
        action={{ isPending: remove.isPending, error: remove.error, run }}
      >
        What it alone allows is not asked any more: scans that run stop asking it within seconds,
        and later ones are refused. When it is the last one, everything may be scanned again.
      </ConfirmButton>
    </Group>
  );
}
