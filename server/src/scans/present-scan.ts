import type { ScanSettings, ScanView } from '@netdelta/core/api/scans.ts';
import { readDownAfter } from '../db/down-after.ts';
import type { ScanRow, ScanViewRow } from './scan-queries.ts';

const LEAST_FRACTION_TO_GUESS = 0.02;

/** A scan as pages show it; `now` in ms since the epoch, for the time left. */
export function presentScan(row: ScanViewRow, now: number): ScanView {
  const live = row.status === 'running' || row.status === 'cancelling';
  const addressesDone = live
    ? Math.floor(row.addressesDone ?? 0)
    : row.finished_at
      ? row.address_count
      : 0;
  return {
    id: row.id,
    groupId: row.group_id,
    groupName: row.group_name,
    status: row.status,
    trigger: row.trigger,
    fileName: row.file_name,
    startedBy: row.person,
    first: row.first,
    createdAt: row.created_at.toISOString(),
    startedAt: row.started_at?.toISOString() ?? null,
    finishedAt: row.finished_at?.toISOString() ?? null,
    progress: {
      addresses: row.address_count,
      addressesDone,
      hostsUp: live ? (row.hostsUp ?? 0) : row.hosts_up,
      servicesOpen: live ? (row.servicesOpen ?? 0) : row.services_open,
      shards: row.shard_count,
      shardsDone: row.shards_done,
      secondsLeft: live ? guessSecondsLeft(row, now) : null,
    },
    deltaCount: row.delta_count,
    problems: row.problems,
  };
}

/** As long again for the rest as it took for what is done; null while too little is done to tell. */
function guessSecondsLeft(row: ScanViewRow, now: number): number | null {
  const fraction = row.address_count > 0 ? (row.addressesDone ?? 0) / row.address_count : 0;
  if (!row.started_at || fraction < LEAST_FRACTION_TO_GUESS) return null;
  const elapsedSeconds = (now - row.started_at.getTime()) / 1_000;
  return Math.round((elapsedSeconds * (1 - fraction)) / fraction);
}

/** How a scan was made. */
export function presentSettings(row: ScanRow, commands: string[][]): ScanSettings {
  return {
    scanId: row.id,
    finishedAt: row.finished_at?.toISOString() ?? null,
    profileName: row.profile_name,
    options: row.options,
    downAfter: readDownAfter(row.down_after),
    serviceDownAfter: readDownAfter(row.service_down_after),
    identity: row.identity,
    engine: row.engine,
    engineVersion: row.engine_version,
    engineChoice: row.engine_choice,
    commands,
  };
}
