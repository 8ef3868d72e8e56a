import { beginWaiting } from './begin-waiting.ts';
import type { NameResolver } from './resolve-names.ts';
import { failScan } from './scan-lifecycle.ts';
import { type ShardParts, scanShard } from './scan-shard.ts';
import { startScan } from './start-scan.ts';

/** How many shards one worker scans at a time: an engine mostly waits for the network. */
const SHARDS_AT_ONCE = 4;

/** Takes the jobs of scans. */
export async function startScanWorkers(
  parts: ShardParts & { resolveNames: NameResolver },
): Promise<void> {
  await parts.queue.work('scan.start', 2, (data, { lastAttempt }) =>
    startScan(parts, data).catch(async (error) => {
      if (!lastAttempt) throw error;
      parts.log.error({ err: error, ...data }, 'a scan could not start');
      await parts.database.withSite(data.siteId, (tx) => failScan(tx, parts, data.scanId));
    }),
  );
  await parts.queue.work('scan.begin', 1, ({ siteId }) => beginWaiting(parts, siteId));
  await parts.queue.work('scan.shard', SHARDS_AT_ONCE, (data, context) =>
    scanShard(parts, data, context),
  );
}
