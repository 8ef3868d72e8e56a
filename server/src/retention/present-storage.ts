import type { StorageView } from '@netdelta/core/api/storage.ts';
import type { StorageSizes } from '@netdelta/core/retention/storage.ts';
import type { RetentionRunRow } from './run-queries.ts';

const MS_PER_DAY = 86_400_000;

interface StoredRule {
  readonly detailDays: number;
  readonly historyMonths: number | null;
  readonly nextAt: Date;
}

/** The storage of a site as pages show it; `runs`: newest first, one a day. */
export function presentStorage(
  { detailDays, historyMonths, nextAt }: StoredRule,
  runs: readonly RetentionRunRow[],
): StorageView {
  const [last] = runs;
  const measured = runs.filter(isMeasured);
  const newest = measured[0];
  return {
    rule: { detailDays, historyMonths },
    nextAt: nextAt.toISOString(),
    lastRun: last
      ? {
          startedAt: last.started_at.toISOString(),
          finishedAt: last.finished_at?.toISOString() ?? null,
          expired: last.expired,
        }
      : null,
    sizes: newest?.sizes ?? null,
    measuredAt: newest?.finished_at.toISOString() ?? null,
    growthPerDay: growthOf(measured),
  };
}

type MeasuredRun = RetentionRunRow & { readonly sizes: StorageSizes; readonly finished_at: Date };

function isMeasured(run: RetentionRunRow): run is MeasuredRun {
  return run.sizes !== null && run.finished_at !== null;
}

/** From the oldest to the newest; null when they are less than a day apart. */
function growthOf(runs: readonly MeasuredRun[]): number | null {
  const [newest, oldest] = [runs[0], runs.at(-1)];
  if (!newest || !oldest) return null;
  const days = (newest.finished_at.getTime() - oldest.finished_at.getTime()) / MS_PER_DAY;
  if (days < 1) return null;
  return Math.round((sumOf(newest.sizes) - sumOf(oldest.sizes)) / days);
}

function sumOf(sizes: StorageSizes): number {
  return Object.values(sizes).reduce((sum, { bytes }) => sum + bytes, 0);
}
