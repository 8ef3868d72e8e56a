import { Button } from '@mantine/core';
import type { StorageView } from '@netdelta/core/api/storage.ts';
import {
  describeExpired,
  formatBytes,
  STORED_WORDS,
} from '@netdelta/core/retention/describe-expired.ts';
import { STORED, type Stored } from '@netdelta/core/retention/storage.ts';
import { useRunRetention } from '../../api/storage.ts';
import { type Column, DataTable } from '../../components/data-table.tsx';
import { ErrorPanel } from '../../components/error-panel.tsx';
import { Facts } from '../../components/facts.tsx';
import { Moment } from '../../components/moment.tsx';
import { Panel } from '../../components/panel.tsx';
import { showDone } from '../../components/toast.ts';
import { formatNumber } from '../../format/count.ts';
import classes from './settings-page.module.css';

/** What the site's data takes, by part, and what retention did last. */
export function StoragePanel({ storage }: { storage: StorageView }) {
  const tidy = useRunRetention();
  const run = () =>
    tidy.mutate(undefined, {
      onSuccess: () => showDone('Retention runs now. What it takes appears here when it is done.'),
    });
  return (
    <Panel
      title="What the data takes"
      note="estimated from the database's statistics, with indexes"
      flush
      actions={
        <Button size="xs" variant="default" loading={tidy.isPending} onClick={run}>
          Run retention now
        </Button>
      }
    >
      <div className={classes.words}>
        <StorageFacts storage={storage} />
        <ErrorPanel error={tidy.error} title="Retention was not started" />
      </div>
      {storage.sizes && (
        <DataTable
          label="What the data takes"
          columns={COLUMNS}
          rows={listParts(storage, storage.sizes)}
          rowKey={({ part }) => part}
        />
      )}
    </Panel>
  );
}

function StorageFacts({ storage }: { storage: StorageView }) {
  const { sizes, growthPerDay, lastRun, nextAt, measuredAt } = storage;
  const all = sizes && Object.values(sizes).reduce((sum, { bytes }) => sum + bytes, 0);
  return (
    <Facts
      facts={[
        {
          label: 'All',
          value:
            all === null ? 'not measured yet: that is done when retention runs' : formatBytes(all),
        },
        { label: 'Measured', value: measuredAt && <Moment at={measuredAt} /> },
        {
          label: 'Grows',
          value: growthPerDay === null ? null : `${formatBytes(growthPerDay)} a day`,
        },
        { label: 'Last run', value: lastRun && <LastRun run={lastRun} /> },
        { label: 'Next run', value: <Moment at={nextAt} absolute /> },
      ]}
    />
  );
}

function LastRun({ run }: { run: NonNullable<StorageView['lastRun']> }) {
  return (
    <>
      <Moment at={run.startedAt} />: {describeExpired(run.expired)} expired
      {run.finishedAt === null && '; it has not ended'}
    </>
  );
}

interface Part {
  readonly part: Stored;
  readonly rows: number;
  readonly bytes: number;
  readonly kept: string;
}

function listParts({ rule }: StorageView, sizes: NonNullable<StorageView['sizes']>): Part[] {
  const months = rule.historyMonths;
  const kept = {
    details: `${rule.detailDays} days`,
    history: months === null ? 'for ever' : `${months} ${months === 1 ? 'month' : 'months'}`,
    ever: 'as long as its group',
  };
  return STORED.map((part) => ({ part, ...sizes[part], kept: kept[STORED_WORDS[part].until] }));
}

const COLUMNS: readonly Column<Part>[] = [
  {
    title: 'Part',
    render: ({ part }) => (
      <div>
        {STORED_WORDS[part].name}
        <div className="quiet">{STORED_WORDS[part].what}</div>
      </div>
    ),
  },
  { title: 'Rows', numeric: true, render: ({ rows }) => formatNumber(rows) },
  { title: 'Size', numeric: true, render: ({ bytes }) => formatBytes(bytes) },
  { title: 'Kept', tight: true, render: ({ kept }) => kept },
];
