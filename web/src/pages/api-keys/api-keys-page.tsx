import { Stack } from '@mantine/core';
import { describeRefusal } from '@netdelta/core/access/roles.ts';
import type { KeyView } from '@netdelta/core/api/people.ts';
import { useInfiniteQuery } from '@tanstack/react-query';
import { keysQuery, useRevokeKey } from '../../api/keys.ts';
import { ConfirmButton } from '../../components/confirm-button.tsx';
import { type Column, DataTable } from '../../components/data-table.tsx';
import { Empty } from '../../components/empty.tsx';
import { useMay } from '../../components/may.tsx';
import { Moment } from '../../components/moment.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { Paged } from '../../components/paged.tsx';
import { Panel } from '../../components/panel.tsx';
import { showDone } from '../../components/toast.ts';
import { NewKey } from './new-key.tsx';

/** With what programs enter the site. */
export function ApiKeysPage() {
  const may = useMay('keys');
  return (
    <>
      <PageHeader
        title="API keys"
        facts={
          <span>
            Programs send them as <code className="mono">Authorization: Bearer ndk_…</code>
          </span>
        }
      />
      {may ? <Keys /> : <Empty title="Not for your role">{describeRefusal('keys')}</Empty>}
    </>
  );
}

function Keys() {
  const query = useInfiniteQuery(keysQuery);
  return (
    <Stack gap="md">
      <NewKey />
      <Panel title="Keys" flush>
        <Paged query={query} empty={<Empty title="There is no key yet" />}>
          {(keys) => (
            <DataTable label="Keys" columns={COLUMNS} rows={keys} rowKey={({ id }) => id} />
          )}
        </Paged>
      </Panel>
    </Stack>
  );
}

const COLUMNS: readonly Column<KeyView>[] = [
  { title: 'Name', long: true, render: ({ name }) => name },
  {
    title: 'Begins with',
    tight: true,
    render: ({ hint }) => <span className="mono">{hint}…</span>,
  },
  { title: 'Scopes', render: ({ scopes }) => scopes.join(', ') },
  { title: 'Made by', long: true, render: ({ createdBy }) => createdBy ?? 'the command line' },
  { title: 'Last used', tight: true, render: ({ lastUsedAt }) => <Moment at={lastUsedAt} /> },
  {
    title: 'Expires',
    tight: true,
    render: ({ expiresAt }) => <Moment at={expiresAt} absolute />,
  },
  { title: 'Revoke', tight: true, render: (key) => <Revoke apiKey={key} /> },
];

function Revoke({ apiKey }: { apiKey: KeyView }) {
  const revoke = useRevokeKey(apiKey.id);
  const run = async () => {
    await revoke.mutateAsync();
    showDone(`The key ${apiKey.name} opens nothing any more.`);
  };
  return (
    <ConfirmButton
      label="Revoke"
      look={{ size: 'compact-xs' }}
      question={`Revoke the key ${apiKey.name}?`}
      confirm="Revoke"
      action={{ isPending: revoke.isPending, error: revoke.error, run }}
    >
      Programs that use it are refused from now on. It cannot be undone: make a new key instead.
    </ConfirmButton>
  );
}
