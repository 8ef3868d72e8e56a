import type { Sight } from '@netdelta/core/host/decide-sight.ts';
import { splitCommand } from '@netdelta/core/profile/read-command.ts';
import type { HostObservation } from '@netdelta/core/snapshot/snapshot.ts';
import type { SiteTransaction } from '../db/database.ts';
import type { ScanProblem } from '../db/tables.ts';
import { judgeSights } from '../deltas/judge.ts';
import { packByBase } from '../scans/packed-sight.ts';
import type { ScanRow } from '../scans/scan-queries.ts';
import { describeHeld } from '../scans/scan-shard.ts';
import { insertEndedShards } from '../scans/shard-queries.ts';
import { selectSightBase, upsertSightBases } from '../scans/sight-base-queries.ts';
import type { InspectedFile } from './inspect-file.ts';
import type { FileShard } from './intake.ts';

/** Judges and saves the shards of one file, in their order. */
export interface ShardSaver {
  /** Begins to save a shard; waits only while too many are on their way, so that reading goes on beside Postgres. */
  readonly save: (shard: FileShard) => Promise<void>;
  /** Saves the last ones and waits for all; `problem`: why the scan is not whole. */
  readonly saveLast: (shards: readonly FileShard[], problem: string | null) => Promise<void>;
  /** Waits until nothing is on its way any more, whatever came of it: before the transaction is rolled back. */
  readonly abandon: () => Promise<void>;
  readonly totals: () => Totals;
  readonly problems: () => ScanProblem[];
}

interface Totals {
  readonly shards: number;
  readonly addresses: number;
  readonly covered: number;
  readonly deltas: number;
}

interface SaverOf {
  readonly scan: ScanRow;
  readonly at: Date;
  /** See discoveryWay. */
  readonly way: string;
  readonly run: InspectedFile['run'];
  /** Nothing is believed in the group yet: for each address, that need not be asked. */
  readonly isBlank: boolean;
}

/** Nobody can ask again what a file leaves in doubt. */
const ASKED_NOTHING = { findings: [], sentinels: [], path: 'clear', openDecoys: {} } as const;

/** So many shards are saved by the same statements. */
const TOGETHER = 4;
/** So many times these are on their way, so that Postgres has the next one at hand. */
const AT_ONCE = 2;

export function createShardSaver(tx: SiteTransaction, of: SaverOf): ShardSaver {
  const totals = { shards: 0, addresses: 0, covered: 0, deltas: 0 };
  let held = 0;
  let begun = 0;
  const save = async (shards: readonly FileShard[], problem: string | null) => {
    const first = begun;
    begun += shards.length;
    const numbered = shards.map((shard, index) => numberShard(shard, first + index));
    const judged = await saveTogether(tx, of, { shards: numbered, problem });
    totals.shards += shards.length;
    for (const { addresses, hosts } of numbered) {
      totals.addresses += addresses.length;
      totals.covered += hosts.length;
    }
    totals.deltas += judged.deltas;
    held += judged.held;
  };
  const inFlight: Promise<void>[] = [];
  const settleTo = async (left: number) => {
    while (inFlight.length > left) await inFlight.shift();
  };
  const begin = async (shards: readonly FileShard[], problem: string | null) => {
    const saving = save(shards, problem);
    // Whoever awaits it hears of it.
    saving.catch(() => undefined);
    inFlight.push(saving);
    await settleTo(AT_ONCE);
  };
  const waiting: FileShard[] = [];
  return {
    save: async (shard) => {
      waiting.push(shard);
      if (waiting.length === TOGETHER) await begin(waiting.splice(0), null);
    },
    saveLast: async (shards, problem) => {
      waiting.push(...shards);
      while (waiting.length > TOGETHER) await begin(waiting.splice(0, TOGETHER), null);
      if (waiting.length > 0) await begin(waiting.splice(0), problem);
      await settleTo(0);
    },
    abandon: async () => {
      await Promise.allSettled(inFlight);
    },
    totals: () => totals,
    problems: () => (held > 0 ? [describeHeld(held)] : []),
  };
}

interface NumberedShard extends FileShard {
  readonly number: number;
  readonly addresses: readonly string[];
  readonly sight: Sight;
}

function numberShard(shard: FileShard, number: number): NumberedShard {
  const { hosts, uncovered } = shard;
  const addresses = [...hosts, ...uncovered].map(({ address }) => address);
  return {
    ...shard,
    number,
    addresses,
    sight: { snapshot: { hosts, uncovered }, ...ASKED_NOTHING },
  };
}

/** `problem` is that of the last one. */
async function saveTogether(
  tx: SiteTransaction,
  of: SaverOf,
  { shards, problem }: { shards: readonly NumberedShard[]; problem: string | null },
): Promise<{ deltas: number; held: number }> {
  const { scan, at, way, isBlank } = of;
  // Packed beside Postgres' work.
  const packing = Promise.all(shards.map((shard) => packShard(tx, of, shard)));
  packing.catch(() => undefined);
  const frame = { scan, way, at: at.toISOString() };
  const judged = await judgeSights(tx, frame, { looks: shards, areNew: isBlank });
  const packed = await packing;
  const baseIds = await upsertSightBases(tx, scan, packed);
  const rows = packed.map(({ shard, sight }, index) => ({
    ...endShard(of, shard, shard === shards.at(-1) ? problem : null),
    sight,
    sightBaseId: baseIds[index] ?? null,
  }));
  await insertEndedShards(tx, scan, rows);
  return judged;
}

async function packShard(
  tx: SiteTransaction,
  { scan, way, isBlank }: SaverOf,
  shard: NumberedShard,
) {
  const { number, sight } = shard;
  const known = isBlank ? undefined : await selectSightBase(tx, scan.group_id, number);
  return { shard, shardNumber: number, ...(await packByBase({ way, sight }, known)) };
}

function endShard({ scan, at, run }: SaverOf, shard: NumberedShard, problem: string | null) {
  const { number, addresses, names, uncovered, hosts } = shard;
  return {
    ...{ number, addresses, names, uncovered, problem },
    engine: run.scanner || 'unknown',
    engineVersion: run.version,
    command: splitCommand(run.args),
    status: problem === null ? ('finished' as const) : ('partial' as const),
    progress: { fraction: 1, ...countUp(hosts) },
    coveredCount: hosts.length,
    startedAt: scan.started_at ?? at,
    finishedAt: at,
  };
}

function countUp(hosts: readonly HostObservation[]) {
  const up = hosts.filter(({ status }) => status === 'up');
  const open = up.map(({ endpoints }) => endpoints.filter(({ state }) => state === 'open').length);
  return { hostsUp: up.length, servicesOpen: open.reduce((sum, count) => sum + count, 0) };
}
