import type { Database } from '../db/database.ts';
import type { Live } from '../db/live.ts';
import type { EngineProgress } from '../engines/engine.ts';
import type { Log } from '../log.ts';
import { type ShardRow, updateShardProgress } from './shard-queries.ts';

const WRITE_EVERY_MS = 1_000;

/** Writes a running shard's progress at most once a second. A write that fails is not worth a scan. */
export function createProgressWriter(
  { database, live, log }: { database: Database; live: Live; log: Log },
  shard: ShardRow,
): { write: (progress: EngineProgress) => void; end: () => Promise<void> } {
  let latest: EngineProgress | undefined;
  let writing = Promise.resolve();
  const flush = async () => {
    const progress = latest;
    latest = undefined;
    if (!progress) return;
    await database.withSite(shard.site_id, async (tx) => {
      await updateShardProgress(tx, shard, progress);
      await live.publish(tx, { siteId: shard.site_id, type: 'scan', id: shard.scan_id });
    });
  };
  const timer = setInterval(() => {
    writing = writing
      .then(flush)
      .catch((error) => log.warn({ err: error }, 'could not write the progress of a shard'));
  }, WRITE_EVERY_MS);
  return {
    write: (progress) => {
      latest = progress;
    },
    end: () => {
      clearInterval(timer);
      return writing;
    },
  };
}
