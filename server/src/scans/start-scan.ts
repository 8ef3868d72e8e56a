import { takeTurns } from '@netdelta/core/schedule/take-turns.ts';
import { cutShards } from '@netdelta/core/target/cut-shards.ts';
import { expandTargets } from '@netdelta/core/target/expand-targets.ts';
import type { Target, TargetSet } from '@netdelta/core/target/target.ts';
import { subtractNames } from '@netdelta/core/target/target-ranges.ts';
import type { Database, SiteTransaction } from '../db/database.ts';
import type { ScanProblem } from '../db/tables.ts';
import type { JobData } from '../queue/queue.ts';
import type { NameResolver } from './resolve-names.ts';
import { endScan, type ScanParts } from './scan-lifecycle.ts';
import {
  addScanProblems,
  selectScan,
  selectScanForUpdate,
  selectTargets,
  updateScan,
} from './scan-queries.ts';
import { insertShards } from './shard-queries.ts';
import { selectTurn } from './turn-queries.ts';

/** Everything that a scan asks: addresses in order, and the name that an address came from. */
interface Work {
  readonly addresses: readonly string[];
  readonly names: ReadonlyMap<string, string>;
  readonly problems: readonly ScanProblem[];
}

/** Resolves a scan's host names, cuts its addresses into shards and enqueues them. Repeatable. */
export async function startScan(
  parts: ScanParts & { database: Database; resolveNames: NameResolver },
  { siteId, scanId }: JobData['scan.start'],
): Promise<void> {
  const asked = await parts.database.withSite(siteId, async (tx) => {
    const scan = await selectScan(tx, scanId);
    return scan?.status === 'running' && scan.shard_count === 0
      ? selectTargets(tx, scan.group_id)
      : undefined;
  });
  if (!asked) return;
  const work = await planWork(asked, parts.resolveNames);
  await parts.database.withSite(siteId, (tx) => saveShards(tx, parts, { siteId, scanId, work }));
}

/** Resolves the host names of targets and lists all addresses, at most `limit` of them. */
export async function planWork(
  asked: TargetSet & { readonly limit: number },
  resolveNames: NameResolver,
): Promise<Work> {
  const { targets, exclusions } = asked;
  const { found, problems } = await resolveNames(subtractNames(targets, exclusions));
  const addresses = [
    ...expandTargets(targets, exclusions),
    ...expandTargets([...found.keys()].map(singleTarget), [...exclusions, ...targets]),
  ];
  if (addresses.length <= asked.limit) return { addresses, names: found, problems };
  const message = `The host names make ${addresses.length} addresses, more than this site's limit of ${asked.limit}; the rest was left out.`;
  return {
    addresses: addresses.slice(0, asked.limit),
    names: found,
    problems: [...problems, { what: 'targets', message }],
  };
}

function singleTarget(address: string): Target {
  return { kind: 'range', text: address, first: address, last: address };
}

async function saveShards(
  tx: SiteTransaction,
  parts: ScanParts,
  { siteId, scanId, work }: { siteId: string; scanId: string; work: Work },
): Promise<void> {
  const scan = await selectScanForUpdate(tx, scanId);
  if (scan?.status !== 'running' || scan.shard_count > 0) return;
  const shards = cutShards(work.addresses).map((addresses) => ({
    addresses,
    names: Object.fromEntries(
      addresses.flatMap((address) => {
        const name = work.names.get(address);
        return name === undefined ? [] : [[address, name]];
      }),
    ),
  }));
  await addScanProblems(tx, scanId, work.problems);
  await insertShards(tx, { siteId, scanId }, shards);
  await updateScan(tx, scanId, {
    address_count: work.addresses.length,
    shard_count: shards.length,
  });
  const { now, scans } = await selectTurn(tx);
  for (const [number, turn] of takeTurns(now, shards.length, scans).entries())
    await parts.queue.enqueue(tx, 'scan.shard', { siteId, scanId, number, turn }, { turn });
  if (shards.length === 0) await endScan(tx, parts, scan);
  await parts.live.publish(tx, { siteId, type: 'scan', id: scanId });
}
