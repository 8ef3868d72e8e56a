import { NativeSelect, Stack } from '@mantine/core';
import { type NotificationView, notificationStatus } from '@netdelta/core/api/notifications.ts';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { notificationsQuery } from '../../api/notifications.ts';
import { systemQuery } from '../../api/overview.ts';
import { type Column, DataTable } from '../../components/data-table.tsx';
import { Empty } from '../../components/empty.tsx';
import { FilterBar } from '../../components/filter-bar.tsx';
import { May } from '../../components/may.tsx';
import { Moment } from '../../components/moment.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { Paged } from '../../components/paged.tsx';
import { Panel } from '../../components/panel.tsx';
import { StateBadge } from '../../components/state-badge.tsx';
import { statusLabel } from '../../format/status.ts';
import { NotificationDetail } from './notification-detail.tsx';
import { TestMail } from './test-mail.tsx';

const route = getRouteApi('/site/notifications');

const STATES = [
  { value: '', label: 'Any state' },
  ...notificationStatus.options.map((value) => ({ value, label: statusLabel(value) })),
];

/** What was sent, to whom, or why not. */
export function NotificationsPage() {
  const { status } = route.useSearch();
  const navigate = route.useNavigate();
  const query = useInfiniteQuery(notificationsQuery(status));
  const { data: system } = useQuery(systemQuery);
  const choose = (value: string) => {
    const chosen = notificationStatus.safeParse(value);
    void navigate({ search: chosen.success ? { status: chosen.data } : {}, replace: true });
  };
  return (
    <>
      <PageHeader title="Notifications" facts={system?.mail.note} />
      <Stack gap="md">
        <May do="configure">
          <TestMail />
        </May>
        <div>
          <FilterBar>
            <NativeSelect
              label="State"
              data={STATES}
              value={status ?? ''}
              onChange={(event) => choose(event.currentTarget.value)}
            />
          </FilterBar>
          <Panel flush>
            <Paged query={query} empty={<NothingSent />}>
              {(items) => (
                <DataTable
                  label="Notifications"
                  columns={COLUMNS}
                  rows={items}
                  rowKey={({ id }) => id}
                  detail={(notification) => <NotificationDetail notification={notification} />}
                />
              )}
            </Paged>
          </Panel>
        </div>
      </Stack>
    </>
  );
}

function NothingSent() {
  return (
    <Empty title="Nothing here">
      A mail goes to the recipients of a group when one of its scans has found a change.
    </Empty>
  );
}

const COLUMNS: readonly Column<NotificationView>[] = [
  { title: 'State', render: ({ status }) => <StateBadge state={status} /> },
  { title: 'To', long: true, render: ({ recipient }) => recipient },
  {
    title: 'Subject',
    long: true,
    render: ({ subject, lastError, status }) => (
      <div>
        {subject}
        {status !== 'sent' && lastError && <div className="quiet">{lastError}</div>}
      </div>
    ),
  },
  { title: 'Group', render: ({ groupName }) => groupName ?? '–' },
  { title: 'When', render: ({ sentAt, createdAt }) => <Moment at={sentAt ?? createdAt} /> },
];
