import { Button, NativeSelect, TextInput } from '@mantine/core';
import { type AuditView, auditQuery } from '@netdelta/core/api/audit.ts';
import { AUDIT_ACTIONS } from '@netdelta/core/audit/actions.ts';
import { useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { auditEntriesQuery } from '../../api/audit.ts';
import { type Column, DataTable } from '../../components/data-table.tsx';
import { Empty } from '../../components/empty.tsx';
import { FilterBar } from '../../components/filter-bar.tsx';
import { Moment } from '../../components/moment.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { Paged } from '../../components/paged.tsx';
import { Panel } from '../../components/panel.tsx';
import { AuditDetail } from './audit-detail.tsx';
import { ChainCheck } from './chain-check.tsx';

const route = getRouteApi('/site/audit');

const ACTIONS = [
  { value: '', label: 'Anything' },
  ...Object.entries(AUDIT_ACTIONS).map(([value, words]) => ({ value, label: `… ${words} …` })),
];

/** Who did what, when, from where, before and after. */
export function AuditPage() {
  const filter = route.useSearch();
  const navigate = route.useNavigate();
  const query = useInfiniteQuery(auditEntriesQuery(filter));
  const choose = (change: Record<string, string>) => {
    const chosen = auditQuery.partial().safeParse(withoutEmpty({ ...filter, ...change }));
    void navigate({ search: chosen.data ?? {}, replace: true });
  };
  return (
    <>
      <PageHeader
        title="Audit log"
        facts="Append-only; each entry holds the hash of the one before"
        actions={
          <Button component="a" href="api/v1/audit/export" download variant="default" size="xs">
            Export
          </Button>
        }
      />
      <ChainCheck />
      <FilterBar>
        <NativeSelect
          label="What"
          data={ACTIONS}
          value={filter.action ?? ''}
          onChange={(event) => choose({ action: event.currentTarget.value })}
        />
        <TextInput
          label="Who"
          placeholder="part of a name"
          defaultValue={filter.actor ?? ''}
          onBlur={(event) => choose({ actor: event.currentTarget.value.trim() })}
          onKeyDown={(event) =>
            event.key === 'Enter' && choose({ actor: event.currentTarget.value.trim() })
          }
        />
      </FilterBar>
      <Panel flush>
        <Paged query={query} empty={<NothingDone filtered={Object.keys(filter).length > 0} />}>
          {(items) => (
            <DataTable
              label="Audit log"
              columns={COLUMNS}
              rows={items}
              rowKey={({ number }) => String(number)}
              detail={(entry) => <AuditDetail entry={entry} />}
            />
          )}
        </Paged>
      </Panel>
    </>
  );
}

function withoutEmpty(values: Record<string, string | undefined>) {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value));
}

function NothingDone({ filtered }: { filtered: boolean }) {
  return (
    <Empty title="Nothing here">
      {filtered
        ? 'No entry is like this. Choose “Anything” and empty the name to see all.'
        : 'Whatever somebody changes on this site is written down here from now on.'}
    </Empty>
  );
}

const COLUMNS: readonly Column<AuditView>[] = [
  { title: 'No.', tight: true, numeric: true, render: ({ number }) => number },
  { title: 'When', render: ({ at }) => <Moment at={at} absolute /> },
  { title: 'What', long: true, render: ({ sentence }) => sentence },
  { title: 'From', render: ({ address }) => <span className="mono">{address ?? '–'}</span> },
];
