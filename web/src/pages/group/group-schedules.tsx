import type { ScheduleView } from '@netdelta/core/api/groups.ts';
import { IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { schedulesQuery } from '../../api/schedules.ts';
import { ButtonLink } from '../../components/button-link.tsx';
import { Empty } from '../../components/empty.tsx';
import { Loaded } from '../../components/loaded.tsx';
import { May } from '../../components/may.tsx';
import { Moment } from '../../components/moment.tsx';
import { Panel } from '../../components/panel.tsx';
import { useCalendar } from '../../components/session-context.tsx';
import { describeTiming } from '../../format/schedule.ts';
import classes from './group-page.module.css';

/** When a group is scanned by itself. */
export function GroupSchedules({ groupId }: { groupId: string }) {
  const query = useQuery(schedulesQuery(groupId));
  const add = (
    <May do="configure">
      <ButtonLink
        to="/groups/$groupId/schedules/$scheduleId"
        params={{ groupId, scheduleId: 'new' }}
        size="compact-sm"
        leftSection={<IconPlus size={14} />}
      >
        Add a schedule
      </ButtonLink>
    </May>
  );
  return (
    <Panel title="Schedules" actions={add} flush>
      <Loaded query={query}>
        {({ items }) =>
          items.length > 0 ? (
            <ul className={classes.schedules}>
              {items.map((schedule) => (
                <ScheduleLine key={schedule.id} schedule={schedule} />
              ))}
            </ul>
          ) : (
            <Empty title="Only scanned by hand">
              Add a schedule, and it is scanned by itself, such as every night at 2 AM.
            </Empty>
          )
        }
      </Loaded>
    </Panel>
  );
}

function ScheduleLine({ schedule }: { schedule: ScheduleView }) {
  const calendar = useCalendar();
  const { id, groupId, timing, enabled, nextRuns, lastRunAt, lastOutcome } = schedule;
  return (
    <li className={classes.schedule}>
      <Link
        to="/groups/$groupId/schedules/$scheduleId"
        params={{ groupId, scheduleId: id }}
        className="plain-link wrap"
      >
        {describeTiming(timing, calendar)}
      </Link>
      <span className="quiet">
        {enabled ? (
          <>
            Next: <Moment at={nextRuns[0] ?? null} never="no further run" />
          </>
        ) : (
          'Switched off'
        )}
      </span>
      {lastRunAt && (
        <span className="quiet">
          Last: <Moment at={lastRunAt} />
          {lastOutcome && `, ${lastOutcome}`}
        </span>
      )}
    </li>
  );
}
