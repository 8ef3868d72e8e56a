import type { GroupView } from '@netdelta/core/api/groups.ts';
import { IconPlus } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { groupsQuery } from '../../api/groups.ts';
import { ButtonLink } from '../../components/button-link.tsx';
import { type Column, DataTable } from '../../components/data-table.tsx';
import { Empty } from '../../components/empty.tsx';
import { GroupLink } from '../../components/group-link.tsx';
import { HostStatusBadge } from '../../components/host-status-badge.tsx';
import { May } from '../../components/may.tsx';
import { Moment } from '../../components/moment.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { Paged } from '../../components/paged.tsx';
import { Panel } from '../../components/panel.tsx';
import { StateBadge } from '../../components/state-badge.tsx';
import { formatCount, formatNumber } from '../../format/count.ts';
import { listStatusCounts } from '../../format/status.ts';
import classes from './groups-page.module.css';

const NEW_GROUP = (
  <May do="configure">
    <ButtonLink to="/groups/new" variant="filled" leftSection={<IconPlus size={16} />}>
      New group
    </ButtonLink>
  </May>
);

/** All groups of the site. */
export function GroupsPage() {
  const query = useInfiniteQuery(groupsQuery);
  const empty = (
    <Empty title="There is no group yet" actions={NEW_GROUP}>
      A group is a list of addresses that are scanned together, with one profile.
    </Empty>
  );
  return (
    <>
      <PageHeader title="Groups" actions={NEW_GROUP} />
      <Panel flush>
        <Paged query={query} empty={empty}>
          {(groups) => (
            <DataTable label="Groups" columns={COLUMNS} rows={groups} rowKey={({ id }) => id} />
          )}
        </Paged>
      </Panel>
    </>
  );
}

const COLUMNS: readonly Column<GroupView>[] = [
  { title: 'Group', long: true, render: (group) => <NameOf group={group} /> },
  { title: 'Targets', render: describeTargets },
  { title: 'Hosts', render: (group) => <Counts counts={group.statusCounts} /> },
  { title: 'Profile', render: ({ profileName }) => profileName },
  { title: 'Last scan', tight: true, render: ({ lastScan }) => <LastScan scan={lastScan} /> },
  {
    title: 'Next run',
    tight: true,
    render: ({ nextRunAt }) => <Moment at={nextRunAt} never="not scheduled" />,
  },
];

function NameOf({ group }: { group: GroupView }) {
  return (
    <div>
      <GroupLink id={group.id} name={group.name} />
      {group.owner && <div className="quiet">{group.owner}</div>}
      {group.deletingSince && <div className="quiet">is being deleted</div>}
    </div>
  );
}

function describeTargets({ addressCount, nameCount }: GroupView): string {
  const addresses = formatCount(addressCount, 'address', 'addresses');
  return nameCount > 0 ? `${addresses}, ${formatCount(nameCount, 'name')}` : addresses;
}

function Counts({ counts }: { counts: GroupView['statusCounts'] }) {
  return (
    <div className={classes.counts}>
      {listStatusCounts(counts)
        .slice(0, 3)
        .map(({ status, count }) => (
          <span key={status} className={classes.count}>
            <HostStatusBadge status={status} /> {formatNumber(count)}
          </span>
        ))}
    </div>
  );
}

function LastScan({ scan }: { scan: GroupView['lastScan'] }) {
  if (!scan) return <span className="quiet">never</span>;
  return (
    <div>
      <Link to="/scans/$scanId" params={{ scanId: scan.id }} className="plain-link">
        {scan.finishedAt ? <Moment at={scan.finishedAt} /> : 'now'}
      </Link>
      <div>
        {scan.status === 'finished' ? (
          formatCount(scan.deltaCount, 'delta')
        ) : (
          <StateBadge state={scan.status} />
        )}
      </div>
    </div>
  );
}
