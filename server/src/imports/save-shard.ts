import type { Sight } from '@netdelta/core/host/decide-sight.ts';
import { splitCommand } from '@netdelta/core/profile/read-command.ts';
import type { HostObservation } from '@netdelta/core/snapshot/snapshot.ts';
import type { SiteTransaction } from '../db/database.ts';
import type { ScanProblem } from '../db/tables.ts';
import { judge } from '../deltas/judge.ts';
import { packByBase } from '../scans/packed-sight.ts';
import type { ScanRow } from '../scans/scan-queries.ts';
import { describeHeld } from '../scans/scan-shard.ts';
import { insertEndedShard } from '../scans/shard-queries.ts';
import { selectSightBase, upsertSightBase } from '../scans/sight-base-queries.ts';
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
}

/** Nobody can ask again what a file leaves in doubt. */
const ASKED_NOTHING = { findings: [], sentinels: [], path: 'clear', openDecoys: {} } as const;

const AT_ONCE = 3;

export function createShardSaver(tx: SiteTransaction, { scan, at, way, run }: SaverOf): ShardSaver {
  const totals = { shards: 0, addresses: 0, covered: 0, deltas: 0 };
  let held = 0;
  const engine = run.scanner || 'unknown';
  const command = splitCommand(run.args);
  let begun = 0;
  const save = async ({ hosts, uncovered, names }: FileShard, problem: string | null) => {
    const number = begun;
    begun += 1;
    const sight: Sight = { snapshot: { hosts, uncovered }, ...ASKED_NOTHING };
    const known = await selectSightBase(tx, scan.group_id, number);
    // Packed beside Postgres' work.
    const packing = packByBase({ way, sight }, known);
    packing.catch(() => undefined);
    const seen = { scan, shard: { names }, sight, way, at: at.toISOString() };
    const judged = await judge.judge(tx, seen);
    const addresses = [...hosts, ...uncovered].map(({ address }) => address);
    const { base, sight: packed } = await packing;
    await insertEndedShard(tx, scan, {
      ...{ number, addresses, names, engine, command, uncovered, problem },
      engineVersion: run.version,
      status: problem === null ? 'finished' : 'partial',
      progress: { fraction: 1, ...countUp(hosts) },
      coveredCount: hosts.length,
      sight: packed,
      sightBaseId: await upsertSightBase(tx, scan, { base, shardNumber: number }),
      startedAt: scan.started_at ?? at,
      finishedAt: at,
    });
    totals.shards += 1;
    totals.addresses += addresses.length;
    totals.covered += hosts.length;
    totals.deltas += judged.deltas;
    held += judged.held;
  };
  const inFlight: Promise<void>[] = [];
  const settleTo = async (left: number) => {
    while (inFlight.length > left) await inFlight.shift();
  };
  const begin = async (shard: FileShard, problem: string | null) => {
    const saving = save(shard, problem);
    // Whoever awaits it hears of it.
    saving.catch(() => undefined);
    inFlight.push(saving);
    await settleTo(AT_ONCE);
  };
  return {
    save: (shard) => begin(shard, null),
    saveLast: async (shards, problem) => {
      for (const [index, shard] of shards.entries())
        await begin(shard, index === shards.length - 1 ? problem : null);
      await settleTo(0);
    },
    abandon: async () => {
      await Promise.allSettled(inFlight);
    },
    totals: () => totals,
    problems: () => (held > 0 ? [describeHeld(held)] : []),
  };
}

function countUp(hosts: readonly HostObservation[]) {
  const up = hosts.filter(({ status }) => status === 'up');
  const open = up.map(({ endpoints }) => endpoints.filter(({ state }) => state === 'open').length);
  return { hostsUp: up.length, servicesOpen: open.reduce((sum, count) => sum + count, 0) };
}
