import type { ScheduleTiming } from '@netdelta/core/schedule/schedule.ts';
import { useQuery } from '@tanstack/react-query';
import { previewQuery } from '../../api/schedules.ts';
import { ErrorPanel } from '../../components/error-panel.tsx';
import { Loaded } from '../../components/loaded.tsx';
import { Panel } from '../../components/panel.tsx';
import { useCalendar } from '../../components/session-context.tsx';
import { formatFull } from '../../format/time.ts';
import classes from './schedule-form.module.css';

/** The next five runs of a timing, in the site's zone, or why there are none. */
export function NextRunsPreview({ timing }: { timing: ScheduleTiming | null }) {
  const query = useQuery(previewQuery(timing));
  const calendar = useCalendar();
  return (
    <Panel title="Next runs" note={calendar.timeZone}>
      <div aria-live="polite">
        {timing === null && <p className="quiet">Fill in when it runs.</p>}
        {timing && query.error && <ErrorPanel error={query.error} title="This never runs" />}
        {timing && !query.error && (
          <Loaded query={query}>
            {({ nextRuns }) =>
              nextRuns.length > 0 ? (
                <ol className={classes.runs}>
                  {nextRuns.map((run) => (
                    <li key={run}>{formatFull(run, calendar)}</li>
                  ))}
                </ol>
              ) : (
                <p className="quiet">No run lies ahead.</p>
              )
            }
          </Loaded>
        )}
      </div>
    </Panel>
  );
}
