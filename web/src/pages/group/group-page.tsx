import { Stack } from '@mantine/core';
import type { GroupView } from '@netdelta/core/api/groups.ts';
import { IconEdit } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { groupQuery } from '../../api/groups.ts';
import { ButtonLink } from '../../components/button-link.tsx';
import { Loaded } from '../../components/loaded.tsx';
import { May } from '../../components/may.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { Panel } from '../../components/panel.tsx';
import { ScanNow } from '../../components/scan-now.tsx';
import { StatusCounts } from '../../components/status-counts.tsx';
import { DeleteGroup } from './delete-group.tsx';
import { DeletingGroup } from './deleting-group.tsx';
import { GroupDeltas, GroupScans } from './group-history.tsx';
import classes from './group-page.module.css';
import { GroupSchedules } from './group-schedules.tsx';
import { GroupSettings } from './group-settings.tsx';
import { ImportScans } from './import-scans.tsx';

const route = getRouteApi('/site/groups/$groupId');

/** One group: how its hosts are, what changed, when it is scanned, how it is set. */
export function GroupPage() {
  const { groupId } = route.useParams();
  const query = useQuery(groupQuery(groupId));
  return (
    <Loaded query={query}>
      {(group) =>
        group.deletingSince === null ? (
          <GroupDetails group={group} />
        ) : (
          <DeletingGroup group={group} />
        )
      }
    </Loaded>
  );
}

function GroupDetails({ group }: { group: GroupView }) {
  const hosts = (
    <ButtonLink to="/hosts" search={{ groupId: group.id }} size="compact-sm" variant="subtle">
      All hosts
    </ButtonLink>
  );
  return (
    <>
      <PageHeader
        title={group.name}
        trail={[
          <Link key="groups" to="/groups" className="plain-link">
            Groups
          </Link>,
        ]}
        facts={group.description && <span className="wrap">{group.description}</span>}
        actions={<GroupActions group={group} />}
      />
      <div className={classes.columns}>
        <Stack gap="md" miw={0}>
          <Panel title="Hosts by status" actions={hosts}>
            <StatusCounts counts={group.statusCounts} groupId={group.id} />
          </Panel>
          <GroupDeltas groupId={group.id} />
          <GroupScans groupId={group.id} />
          <ImportScans groupId={group.id} />
        </Stack>
        <Stack gap="md" miw={0}>
          <GroupSettings group={group} />
          <GroupSchedules groupId={group.id} />
        </Stack>
      </div>
    </>
  );
}

function GroupActions({ group }: { group: GroupView }) {
  return (
    <>
      <May do="configure">
        <DeleteGroup group={group} />
        <ButtonLink to="/groups/$groupId/replay" params={{ groupId: group.id }} variant="subtle">
          Try another rule
        </ButtonLink>
        <ButtonLink
          to="/groups/$groupId/edit"
          params={{ groupId: group.id }}
          leftSection={<IconEdit size={16} />}
        >
          Edit
        </ButtonLink>
      </May>
      <ButtonLink to="/export" search={{ groupId: group.id }} variant="subtle">
        Export
      </ButtonLink>
      <ScanNow groupId={group.id} groupName={group.name} />
    </>
  );
}
