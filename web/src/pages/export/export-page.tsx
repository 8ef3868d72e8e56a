import { Button, Stack } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { exportAddress } from '../../api/export.ts';
import { groupQuery } from '../../api/groups.ts';
import { overviewQuery } from '../../api/overview.ts';
import { type Column, DataTable } from '../../components/data-table.tsx';
import { FilterBar } from '../../components/filter-bar.tsx';
import { GroupFilter } from '../../components/group-filter.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { Panel } from '../../components/panel.tsx';
import { useSession } from '../../components/session-context.tsx';
import { formatCount } from '../../format/count.ts';
import { EXPORT_CHOICES, type ExportChoice } from '../../format/exports.ts';
import classes from './export-page.module.css';

const route = getRouteApi('/site/export');

/** Everything of the site, or of one group, as files to take along. */
export function ExportPage() {
  const { groupId } = route.useSearch();
  const navigate = route.useNavigate();
  return (
    <>
      <PageHeader title="Export" facts="Take along what is known: all of it, whenever you like." />
      <FilterBar>
        <GroupFilter
          value={groupId}
          onChange={(id) => void navigate({ search: { groupId: id }, replace: true })}
        />
      </FilterBar>
      <Stack gap="md">
        <Panel title="Files" note={groupId ? <GroupSize id={groupId} /> : <SiteSize />} flush>
          <DataTable
            label="Files"
            columns={columnsFor(groupId)}
            rows={EXPORT_CHOICES}
            rowKey={({ title }) => title}
          />
        </Panel>
        <Panel title="What is in them">
          <Notes />
        </Panel>
      </Stack>
    </>
  );
}

function SiteSize() {
  const { data } = useQuery(overviewQuery);
  if (!data) return null;
  const hosts = formatCount(data.addressCount, 'address', 'addresses');
  return `${hosts}, ${formatCount(data.serviceCount, 'open service')}`;
}

function GroupSize({ id }: { id: string }) {
  const { data } = useQuery(groupQuery(id));
  return data ? formatCount(data.addressCount + data.nameCount, 'address', 'addresses') : null;
}

function Notes() {
  const { site } = useSession();
  return (
    <div className={classes.notes}>
      <p>
        Each file is of one instant, and is written while it is fetched, however large it is.
        People, passwords and sent mails are in none of them; the recipients of a group are.
      </p>
      <p>
        Everything as NDJSON makes a site again, here or elsewhere:{' '}
        <code>netdelta import --site {site.slug}-copy netdelta-….ndjson</code>. Its schedules are
        switched off then, so that nothing is scanned by surprise.
      </p>
      <p>
        The same on the command line: <code>netdelta export --site {site.slug}</code>.
      </p>
    </div>
  );
}

function columnsFor(groupId: string | undefined): readonly Column<ExportChoice>[] {
  return [
    { title: 'File', long: true, render: ({ title }) => title },
    { title: 'For', long: true, render: ({ use }) => use },
    {
      title: 'Fetch',
      render: ({ title, use: _use, ...query }) => (
        <Button
          component="a"
          href={exportAddress(query, { groupId })}
          download
          variant="default"
          size="compact-sm"
          leftSection={<IconDownload size={14} />}
          aria-label={`Download: ${title}`}
        >
          Download
        </Button>
      ),
    },
  ];
}
