import type { ScheduleRequest, ScheduleView } from '@netdelta/core/api/groups.ts';
import type { ScheduleTiming } from '@netdelta/core/schedule/schedule.ts';
import { CRON_PRESETS, splitMinutes } from '../../format/schedule.ts';
import { fromLocalInput, toLocalInput } from '../../format/zoned-time.ts';

/** What the form holds: the fields of all kinds of timing at once, so that trying one loses no other. */
export interface ScheduleDraft extends Pick<ScheduleRequest, 'missed' | 'overlap' | 'enabled'> {
  readonly kind: ScheduleTiming['kind'];
  readonly cron: string;
  readonly timeZone: string;
  readonly amount: number;
  readonly unit: keyof typeof UNIT_MINUTES;
  /** Wall-clock times of the site's zone, as `datetime-local` inputs write them. */
  readonly startsAt: string;
  readonly at: string;
}

const UNIT_MINUTES = { minute: 1, hour: 60, day: 1_440 } as const;

const HOUR_MS = 3_600_000;

/** The draft of a new schedule: every night, and sensible starts for the other kinds. */
export function newDraft(timeZone: string, now: Date): ScheduleDraft {
  const nextHour = new Date(Math.ceil((now.getTime() + 1) / HOUR_MS) * HOUR_MS).toISOString();
  return {
    kind: 'cron',
    cron: CRON_PRESETS[0].cron,
    timeZone,
    amount: 6,
    unit: 'hour',
    startsAt: toLocalInput(nextHour, timeZone),
    at: toLocalInput(nextHour, timeZone),
    missed: 'run',
    overlap: 'skip',
    enabled: true,
  };
}

/** The draft of a stored schedule; `siteZone` is for its instants. */
export function draftOf(schedule: ScheduleView, siteZone: string): ScheduleDraft {
  const { timing, missed, overlap, enabled } = schedule;
  const base = { ...newDraft(siteZone, new Date()), kind: timing.kind, missed, overlap, enabled };
  if (timing.kind === 'cron') return { ...base, cron: timing.cron, timeZone: timing.timeZone };
  if (timing.kind === 'once') return { ...base, at: toLocalInput(timing.at, siteZone) };
  const startsAt = toLocalInput(timing.startsAt, siteZone);
  return { ...base, ...splitMinutes(timing.minutes), startsAt };
}

/** The timing that a draft means; null while one of its fields is empty. */
export function timingOf(draft: ScheduleDraft, siteZone: string): ScheduleTiming | null {
  if (draft.kind === 'cron') {
    const cron = draft.cron.trim();
    return cron ? { kind: 'cron', cron, timeZone: draft.timeZone } : null;
  }
  if (draft.kind === 'once') {
    const at = fromLocalInput(draft.at, siteZone);
    return at ? { kind: 'once', at } : null;
  }
  const startsAt = fromLocalInput(draft.startsAt, siteZone);
  const minutes = draft.amount * UNIT_MINUTES[draft.unit];
  return startsAt && minutes > 0 ? { kind: 'interval', minutes, startsAt } : null;
}
