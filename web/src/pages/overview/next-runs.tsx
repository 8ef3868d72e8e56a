import type { Overview } from '@netdelta/core/api/hosts.ts';
import { Empty } from '../../components/empty.tsx';
import { GroupLink } from '../../components/group-link.tsx';
import { Moment } from '../../components/moment.tsx';
import { Panel } from '../../components/panel.tsx';
import classes from './overview-page.module.css';

/** When which group is scanned next by itself. */
export function NextRuns({ runs }: { runs: Overview['nextRuns'] }) {
  return (
    <Panel title="Next runs" flush>
      {runs.length > 0 ? (
        <ul className={classes.runs}>
          {runs.map(({ groupId, groupName, at }) => (
            <li key={`${groupId} ${at}`} className={classes.run}>
              <GroupLink id={groupId} name={groupName} />
              <Moment at={at} />
              <span className="quiet">
                <Moment at={at} absolute />
              </span>
            </li>
          ))}
        </ul>
      ) : (
        <Empty title="Nothing is scheduled">
          Open a group and add a schedule, such as every night at 2 AM.
        </Empty>
      )}
    </Panel>
  );
}
