import { z } from 'zod';

/** When a group is scanned by itself. Times are ISO 8601; a cron expression has 5 fields, in `timeZone` (IANA). */
export const scheduleTiming = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('cron'),
    cron: z.string().min(1).max(200),
    timeZone: z.string().min(1).max(64),
  }),
  z.object({
    kind: z.literal('interval'),
    minutes: z.int().min(1).max(527_040),
    startsAt: z.iso.datetime({ offset: true }),
  }),
  z.object({ kind: z.literal('once'), at: z.iso.datetime({ offset: true }) }),
]);
export type ScheduleTiming = z.infer<typeof scheduleTiming>;

/** What happens to a run that was missed, because nothing was running at its time. */
export const missedPolicy = z.enum(['run', 'skip']);
export type MissedPolicy = z.infer<typeof missedPolicy>;

/** What happens to a run that is due while the group's last scan still runs. */
export const overlapPolicy = z.enum(['wait', 'skip']);
export type OverlapPolicy = z.infer<typeof overlapPolicy>;
