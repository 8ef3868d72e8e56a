import { z } from 'zod';
import { leastDaysOf } from '../retention/cutoffs.ts';
import { EXPIRING, STORED } from '../retention/storage.ts';

const days = z
  .int('give a whole number of days')
  .min(7, 'give at least 7 days')
  .max(3_650, 'give at most 3,650 days')
  .describe(
    'how long details of scans are kept; the newest whole scan of each group keeps its own',
  );

const months = z
  .int('give a whole number of months')
  .min(1, 'give at least 1 month')
  .max(240, 'give at most 240 months')
  .describe('how long ended states and deltas are kept; null: for ever');

/** PUT …/storage: how long a site keeps what. */
export const retentionRule = z
  .object({ detailDays: days, historyMonths: months.nullable() })
  .superRefine(checkOrder);

/** GET …/storage/preview: the same in a query; without historyMonths it is kept for ever. */
export const retentionQuery = z
  .object({
    detailDays: z.coerce.number().pipe(days),
    historyMonths: z.coerce.number().pipe(months).optional(),
  })
  .transform(({ detailDays, historyMonths = null }) => ({ detailDays, historyMonths }))
  .superRefine(checkOrder);

function checkOrder(
  { detailDays, historyMonths }: { detailDays: number; historyMonths: number | null },
  context: z.RefinementCtx,
): void {
  if (historyMonths === null || historyMonths < 1) return;
  if (leastDaysOf(historyMonths) >= detailDays) return;
  const message = `history cannot be shorter than details: give at least ${Math.ceil(detailDays / leastDaysOf(1))} months, or fewer days of details`;
  context.addIssue({ code: 'custom', path: ['historyMonths'], message });
}

const count = z.number().optional();
const expired = z.object(
  Object.fromEntries([...EXPIRING, 'bytes' as const].map((kind) => [kind, count])) as Record<
    (typeof EXPIRING)[number] | 'bytes',
    typeof count
  >,
);
const size = z.object({ rows: z.number(), bytes: z.number() });

const retentionRun = z.object({
  startedAt: z.string(),
  finishedAt: z.string().nullable().describe('null: it still runs, or was interrupted'),
  expired,
});
export type RetentionRunView = z.infer<typeof retentionRun>;

/** GET …/storage: what a site's data takes, how long it is kept, and what retention did last. */
export const storageView = z.object({
  rule: z.object({ detailDays: z.number(), historyMonths: z.number().nullable() }),
  nextAt: z.string().describe('when retention runs next'),
  lastRun: retentionRun.nullable(),
  sizes: z
    .object(
      Object.fromEntries(STORED.map((part) => [part, size])) as Record<
        (typeof STORED)[number],
        typeof size
      >,
    )
    .nullable()
    .describe('estimates of the last run that ended; null: none has yet'),
  measuredAt: z.string().nullable(),
  growthPerDay: z
    .number()
    .nullable()
    .describe('bytes a day over the last 30 days at most; null: not known yet'),
});
export type StorageView = z.infer<typeof storageView>;

/** What a rule would take now. */
export const retentionPreview = z.object({
  expired,
  /** Some are counted up to a limit: there are so many at least. */
  atLeast: z.boolean(),
});
export type RetentionPreview = z.infer<typeof retentionPreview>;
