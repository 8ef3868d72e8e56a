/** How long a site keeps what. */
export interface RetentionRule {
  /** Details of scans: 7–3650 days. */
  readonly detailDays: number;
  /** Ended states and deltas: 1–240 months; null: for ever. */
  readonly historyMonths: number | null;
}

export const DEFAULT_RETENTION: RetentionRule = { detailDays: 90, historyMonths: null };

/** What is older expires; ISO 8601 in UTC. */
export interface Cutoffs {
  readonly details: string;
  /** Null: history does not. */
  readonly history: string | null;
}

const MS_PER_DAY = 86_400_000;

/** The instants before which details and history expire at `now` (ISO 8601). */
export function decideCutoffs({ detailDays, historyMonths }: RetentionRule, now: string): Cutoffs {
  return {
    details: new Date(Date.parse(now) - detailDays * MS_PER_DAY).toISOString(),
    history: historyMonths === null ? null : monthsBefore(now, historyMonths),
  };
}

/** The same day of an earlier month in UTC, or the last day of that month where it is shorter. */
function monthsBefore(now: string, months: number): string {
  const moment = new Date(now);
  const day = moment.getUTCDate();
  moment.setUTCDate(1);
  moment.setUTCMonth(moment.getUTCMonth() - months);
  const last = new Date(Date.UTC(moment.getUTCFullYear(), moment.getUTCMonth() + 1, 0));
  moment.setUTCDate(Math.min(day, last.getUTCDate()));
  return moment.toISOString();
}

/** How many days of history the shortest history of so many months surely has. */
export function leastDaysOf(months: number): number {
  return months * 28;
}
