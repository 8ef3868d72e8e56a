import { isDeepStrictEqual } from 'node:util';
import {
  type ScheduleRequest,
  type ScheduleView,
  schedulePreview,
  scheduleRequest,
  scheduleView,
} from '@netdelta/core/api/groups.ts';
import { checkTiming } from '@netdelta/core/schedule/check-timing.ts';
import { nextRuns } from '@netdelta/core/schedule/next-runs.ts';
import { type ScheduleTiming, scheduleTiming } from '@netdelta/core/schedule/schedule.ts';
import { z } from 'zod';
import { recordAudit, sourceOf } from '../audit/record-audit.ts';
import type { Database, SiteTransaction } from '../db/database.ts';
import { notFound, RequestProblem } from '../http/request-problem.ts';
import type { SiteRoutes } from '../http/site-routes.ts';
import { auditedSchedule } from './audited-targets.ts';
import { selectGroups } from './group-queries.ts';
import {
  deleteSchedule,
  insertSchedule,
  type ScheduleListRow,
  selectSchedules,
  updateSchedule,
} from './schedule-queries.ts';

const byId = z.object({ id: z.uuid() });
const ofGroup = z.object({ groupId: z.uuid().optional() });
const RUNS_SHOWN = 5;

/** Schedules: when groups are scanned by themselves. */
export const scheduleRoutes =
  ({ database }: { database: Database }): SiteRoutes =>
  async (app) => {
    app.get(
      '/schedules',
      {
        config: { needs: 'read' },
        schema: {
          querystring: ofGroup,
          response: { 200: z.object({ items: z.array(scheduleView) }) },
        },
      },
      async ({ site, query }) => {
        const rows = await database.withSite(site.id, (tx) => selectSchedules(tx, query));
        return { items: rows.map(presentSchedule) };
      },
    );

    app.post(
      '/schedules/preview',
      {
        config: { needs: 'configure' },
        schema: {
          body: z.object({ timing: scheduleTiming }),
          response: { 200: schedulePreview },
        },
      },
      async ({ body }) => ({ nextRuns: readRuns(body.timing) }),
    );

    app.post(
      '/schedules',
      {
        config: { needs: 'configure' },
        schema: { body: scheduleRequest, response: { 201: scheduleView } },
      },
      async (request, reply) => {
        const { site, body } = request;
        const view = await database.withSite(site.id, async (tx) => {
          const id = await insertSchedule(tx, site.id, await readSchedule(tx, body));
          const schedule = await viewSchedule(tx, id);
          const after = auditedSchedule(schedule);
          const change = {
            action: 'schedule.created',
            subject: subjectOf(schedule),
            after,
          } as const;
          await recordAudit(tx, site.id, sourceOf(request), change);
          return schedule;
        });
        return reply.code(201).send(view);
      },
    );

    app.put(
      '/schedules/:id',
      {
        config: { needs: 'configure' },
        schema: { params: byId, body: scheduleRequest, response: { 200: scheduleView } },
      },
      (request) => {
        const { site, params, body } = request;
        return database.withSite(site.id, async (tx) => {
          const before = await viewSchedule(tx, params.id);
          await updateSchedule(tx, params.id, await readSchedule(tx, body, before.timing));
          const schedule = await viewSchedule(tx, params.id);
          const sides = { before: auditedSchedule(before), after: auditedSchedule(schedule) };
          const subject = subjectOf(schedule);
          const change = { action: 'schedule.edited', subject, ...sides } as const;
          await recordAudit(tx, site.id, sourceOf(request), change);
          return schedule;
        });
      },
    );

    app.delete(
      '/schedules/:id',
      { config: { needs: 'configure' }, schema: { params: byId, response: { 204: z.null() } } },
      async (request, reply) => {
        const { site, params } = request;
        await database.withSite(site.id, async (tx) => {
          const schedule = await viewSchedule(tx, params.id);
          await deleteSchedule(tx, params.id);
          const before = auditedSchedule(schedule);
          const change = {
            action: 'schedule.deleted',
            subject: subjectOf(schedule),
            before,
          } as const;
          await recordAudit(tx, site.id, sourceOf(request), change);
        });
        return reply.code(204).send(null);
      },
    );
  };

function subjectOf({ id, groupName }: ScheduleView) {
  return { kind: 'schedule', id, name: groupName };
}

async function viewSchedule(tx: SiteTransaction, id: string): Promise<ScheduleView> {
  const [row] = await selectSchedules(tx, { id });
  if (!row) throw notFound('schedule');
  return presentSchedule(row);
}

/** A stored timing may be over by now; that keeps nobody from switching its schedule off. */
async function readSchedule(tx: SiteTransaction, typed: ScheduleRequest, stored?: ScheduleTiming) {
  const [group] = await selectGroups(tx, { id: typed.groupId, limit: 1 });
  if (!group) throw notFound('group');
  if (!typed.enabled && isDeepStrictEqual(typed.timing, stored)) return { typed, nextRunAt: null };
  return { typed, nextRunAt: readRuns(typed.timing)[0] ?? null };
}

/** The next runs of a timing. @throws RequestProblem listing all that is wrong with it */
function readRuns(timing: ScheduleTiming): string[] {
  const now = new Date().toISOString();
  const problems = checkTiming(timing, now);
  if (problems.length === 0) return nextRuns(timing, now, RUNS_SHOWN);
  throw new RequestProblem(
    400,
    'bad-schedule',
    'The schedule cannot be stored like this.',
    problems.map((message) => ({ path: 'timing', message })),
  );
}

function presentSchedule(row: ScheduleListRow): ScheduleView {
  const now = new Date().toISOString();
  return {
    id: row.id,
    groupId: row.group_id,
    groupName: row.group_name,
    timing: row.timing,
    missed: row.missed,
    overlap: row.overlap,
    enabled: row.enabled,
    nextRuns: row.enabled ? nextRuns(row.timing, now, RUNS_SHOWN) : [],
    lastRunAt: row.last_run_at?.toISOString() ?? null,
    lastOutcome: row.last_outcome,
  };
}
