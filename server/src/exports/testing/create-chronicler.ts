import type { GroupRequest } from '@netdelta/core/api/groups.ts';
import type { HostBelief } from '@netdelta/core/host/belief.ts';
import { type Sight, settleSight } from '@netdelta/core/host/decide-sight.ts';
import type { Database, SiteTransaction } from '../../db/database.ts';
import type { Live } from '../../db/live.ts';
import { closeScan } from '../../deltas/close-scan.ts';
import { judge } from '../../deltas/judge.ts';
import type { RequestSite } from '../../http/site-routes.ts';
import type { Queue } from '../../queue/queue.ts';
import { claimShard } from '../../scans/claim-shard-queries.ts';
import { packByBase } from '../../scans/packed-sight.ts';
import { endShards, requestScan } from '../../scans/scan-lifecycle.ts';
import { selectScan, updateScan } from '../../scans/scan-queries.ts';
import { insertShards, updateShardEnd } from '../../scans/shard-queries.ts';
import { selectSightBase, upsertSightBase } from '../../scans/sight-base-queries.ts';
import { createGroup, editGroup } from '../../targets/save-group.ts';

/** What a scan sees, given what is believed of its addresses. */
export type See = (beliefs: ReadonlyMap<string, HostBelief>, addresses: readonly string[]) => Sight;

/** Writes the history of groups for tests: all is real but the network, and that no job is waited for. */
export interface Chronicler {
  readonly createGroup: (site: RequestSite, typed: GroupRequest) => Promise<string>;
  readonly editGroup: (site: RequestSite, id: string, typed: GroupRequest) => Promise<void>;
  /** One scan, in shards of these addresses. Answers its id. */
  readonly scan: (
    place: { siteId: string; groupId: string; startedBy: string | null },
    shards: readonly { addresses: readonly string[]; names?: Record<string, string> }[],
    see: See,
  ) => Promise<string>;
}

export function createChronicler(parts: {
  database: Database;
  queue: Queue;
  live: Live;
}): Chronicler {
  const { database } = parts;
  return {
    createGroup: (site, typed) => database.withSite(site.id, (tx) => createGroup(tx, site, typed)),
    editGroup: (site, id, typed) =>
      database.withSite(site.id, (tx) => editGroup(tx, site, { id, typed })),
    scan: async ({ siteId, groupId, startedBy }, shards, see) => {
      const wish = { siteId, groupId, startedBy, trigger: 'person', scheduleId: null } as const;
      const scanId = await database.withSite(siteId, async (tx) => {
        const outcome = await requestScan(tx, parts, { ...wish, whenRunning: 'skip' });
        const id = outcome.scanId ?? '';
        const cut = shards.map(({ addresses, names = {} }) => ({ addresses, names }));
        await insertShards(tx, { siteId, scanId: id }, cut);
        const addresses = shards.flatMap((shard) => shard.addresses);
        await updateScan(tx, id, { address_count: addresses.length, shard_count: shards.length });
        return id;
      });
      for (const number of shards.keys())
        await database.withSite(siteId, (tx) =>
          scanShard(tx, parts, { key: { siteId, scanId, number }, see }),
        );
      return scanId;
    },
  };
}

/** What scans/scan-shard does once the network has been looked at. */
async function scanShard(
  tx: SiteTransaction,
  parts: { queue: Queue; live: Live },
  { key, see }: { key: { siteId: string; scanId: string; number: number }; see: See },
): Promise<void> {
  const shard = await claimShard(tx, key);
  const scan = await selectScan(tx, key.scanId);
  if (!shard || !scan) throw new Error('the scan does not run');
  const { known } = await judge.recall(tx, scan, shard.addresses);
  const sight = see(known, shard.addresses);
  const way = 'simulated';
  const settled = settleSight(sight);
  const base = await selectSightBase(tx, scan.group_id, shard.number);
  const packed = await packByBase({ way, sight }, base);
  const placed = { ...packed, shardNumber: shard.number };
  await updateShardEnd(tx, shard, {
    status: 'finished',
    engine: 'connect',
    engineVersion: '1',
    command: ['connect', 'ports=22'],
    progress: { fraction: 1, hostsUp: settled.hosts.length, servicesOpen: 0 },
    coveredCount: settled.hosts.length,
    uncovered: [...settled.uncovered],
    problem: null,
    output: Buffer.from('raw output'),
    confirmation: { ...NO_COST, loss: 0.05 },
    sight: packed.sight,
    sightBaseId: await upsertSightBase(tx, scan, placed),
  });
  const { deltas } = await judge.judge(tx, {
    scan,
    shard,
    sight,
    way,
    at: new Date().toISOString(),
  });
  await endShards(tx, { ...parts, closeScan }, { scanId: scan.id, shards: 1, deltas });
}

const NO_COST = { probes: 0, ms: 0, refuted: 0, confirmed: 0, undecided: 0, unasked: 0 };
