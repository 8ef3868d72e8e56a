import type { GroupView } from '@netdelta/core/api/groups.ts';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { groupQuery } from '../../api/groups.ts';
import { schedulesQuery } from '../../api/schedules.ts';
import { Empty } from '../../components/empty.tsx';
import { Loaded } from '../../components/loaded.tsx';
import { Editable, May } from '../../components/may.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { useTimeZone } from '../../components/session-context.tsx';
import { DeleteSchedule } from './delete-schedule.tsx';
import { draftOf, newDraft } from './schedule-draft.ts';
import { ScheduleForm } from './schedule-form.tsx';

const route = getRouteApi('/site/groups/$groupId/schedules/$scheduleId');

/** Makes a schedule of a group, or changes one. */
export function ScheduleEditorPage() {
  const { groupId, scheduleId } = route.useParams();
  const group = useQuery(groupQuery(groupId));
  return (
    <Loaded query={group}>
      {(view) =>
        scheduleId === 'new' ? <NewSchedule group={view} /> : <ChangeSchedule group={view} />
      }
    </Loaded>
  );
}

function NewSchedule({ group }: { group: GroupView }) {
  const zone = useTimeZone();
  return (
    <>
      <PageHeader title="New schedule" trail={trailOf(group)} />
      <Editable do="configure">
        <ScheduleForm groupId={group.id} initial={newDraft(zone, new Date())} />
      </Editable>
    </>
  );
}

function ChangeSchedule({ group }: { group: GroupView }) {
  const { scheduleId } = route.useParams();
  const zone = useTimeZone();
  const query = useQuery({ ...schedulesQuery(group.id), staleTime: Number.POSITIVE_INFINITY });
  return (
    <Loaded query={query}>
      {({ items }) => {
        const schedule = items.find(({ id }) => id === scheduleId);
        if (!schedule) return <Empty title="There is no such schedule" />;
        return (
          <>
            <PageHeader
              title="Edit schedule"
              trail={trailOf(group)}
              actions={
                <May do="configure">
                  <DeleteSchedule schedule={schedule} />
                </May>
              }
            />
            <Editable do="configure">
              <ScheduleForm
                groupId={group.id}
                scheduleId={scheduleId}
                initial={draftOf(schedule, zone)}
              />
            </Editable>
          </>
        );
      }}
    </Loaded>
  );
}

function trailOf({ id, name }: GroupView) {
  return [
    <Link key="groups" to="/groups" className="plain-link">
      Groups
    </Link>,
    <Link key="group" to="/groups/$groupId" params={{ groupId: id }} className="plain-link">
      {name}
    </Link>,
  ];
}
