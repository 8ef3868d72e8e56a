import { basename } from 'node:path';
import { discoveryWay } from '@netdelta/core/profile/discovery-way.ts';
import type { ScanOptions } from '@netdelta/core/profile/options.ts';
import { readCommand } from '@netdelta/core/profile/read-command.ts';
import { readOptions } from '@netdelta/core/profile/read-options.ts';
import type { HostObservation } from '@netdelta/core/snapshot/snapshot.ts';
import { isWithin, rangesLeft, subtractNames } from '@netdelta/core/target/target-ranges.ts';
import type { SiteTransaction } from '../db/database.ts';
import { publishEvent } from '../db/live.ts';
import { closeScan } from '../deltas/close-scan.ts';
import { readScanFile } from '../formats/read-scan-file.ts';
import type { ScanFacts } from '../formats/scan-file.ts';
import { sumUpScan } from '../scans/scan-lifecycle.ts';
import {
  addScanProblems,
  insertScan,
  type ScanRow,
  selectScan,
  selectTargets,
  updateScan,
  updateScanBegun,
} from '../scans/scan-queries.ts';
import { countShardsDone } from '../scans/shard-queries.ts';
import { claimPlace, type ImportPlace } from './claim-place.ts';
import {
  hasHosts,
  selectHeedful,
  selectRatingCounts,
  updateScanImported,
} from './import-queries.ts';
import { openScan } from './inspect-file.ts';
import { createIntake, type Intake } from './intake.ts';
import type { DatedFile } from './order-files.ts';
import { createShardSaver, type ShardSaver } from './save-shard.ts';

/** What an imported file became. */
export interface ImportedFile {
  readonly scanId: string;
  /** ISO 8601 */
  readonly at: string;
  readonly first: boolean;
  readonly hostsUp: number;
  readonly servicesOpen: number;
  readonly addresses: number;
  readonly deltas: number;
  readonly ratings: Readonly<Record<string, number>>;
  /** What a person has to know: left out, unfinished … */
  readonly problems: readonly string[];
}

/** The file cannot be read further, or holds nothing for the group: nothing of it is kept. */
export class BadFileError extends Error {
  override readonly name = 'BadFileError';
  readonly code = 'bad-file';
  readonly retryable = false;
}

export interface ImportHooks {
  readonly signal: AbortSignal;
  /** How much of the file has been judged, 0–1. */
  readonly onProgress: (fraction: number) => void;
}

const HEEDFUL_AT_ONCE = 10_000;

/**
 * Judges the scan of a file as if NetDelta had made it at its time, in the caller's transaction:
 * scan, shards, beliefs, deltas, ratings. Nobody is told. Holds one shard of it in memory.
 * @throws ImportRefusal, KnownFileError, BadFileError; then the transaction has to be rolled back.
 */
export async function importFile(
  tx: SiteTransaction,
  place: ImportPlace,
  { file, signal, onProgress }: ImportHooks & { readonly file: DatedFile },
): Promise<ImportedFile> {
  const { plan, at } = await claimPlace(tx, place, file);
  const { args, services } = file.run;
  const options = readOptions(args, services);
  const origin = { trigger: 'import', startedBy: place.startedBy, scheduleId: null } as const;
  const imported = { ...plan, profileName: 'Imported', options };
  const scanId = await insertScan(tx, imported, { siteId: place.siteId, ...origin });
  await updateScanBegun(tx, scanId, imported);
  const startedAt = file.startedAt && file.startedAt < at ? file.startedAt : at;
  const times = { at, startedAt, fileName: basename(file.name), digest: file.digest };
  await updateScanImported(tx, scanId, { ...times, options });
  const scan = await selectScan(tx, scanId);
  if (!scan) throw new Error('an imported scan vanished within its transaction');
  const isBlank = !(await hasHosts(tx, place.groupId));
  const way = wayOf(options, file);
  const saver = createShardSaver(tx, { scan, at, way, run: file.run, isBlank });
  const intake = await createGroupIntake(tx, place);
  try {
    const { facts, lacks } = await judgeFile(file, { intake, saver, signal, onProgress });
    if (isWhole(facts)) await judgeUnlisted(tx, place, { intake, saver, args: facts.args });
    await saver.saveLast(intake.rest(), lacks);
  } finally {
    await saver.abandon();
  }
  return endImport(tx, { scan, at, saver, intake, file });
}

/** In the words of discoveryWay where it can be, so that scans of NetDelta itself compare with it. */
function wayOf(options: ScanOptions, { privileged, run }: DatedFile): string {
  if (run.scanner !== 'nmap' || options.engine === 'connect') return 'ports';
  return discoveryWay(options, { name: 'nmap', privileged });
}

async function createGroupIntake(tx: SiteTransaction, { groupId }: ImportPlace): Promise<Intake> {
  const { targets, exclusions } = await selectTargets(tx, groupId);
  const names = new Set(subtractNames(targets, exclusions));
  return createIntake({ ranges: rangesLeft(targets, exclusions), names });
}

interface Judging extends ImportHooks {
  readonly intake: Intake;
  readonly saver: ShardSaver;
}

/** Judges the file's hosts as they are read. Answers what the scan says of itself, and what it lacks. */
async function judgeFile(
  file: DatedFile,
  { intake, saver, signal, onProgress }: Judging,
): Promise<{ facts: ScanFacts; lacks: string | null }> {
  let bytes = 0;
  async function* read() {
    for await (const chunk of openScan(file.path)) {
      yield chunk;
      if (!(await saveWhole())) return;
      bytes += chunk.length;
      onProgress(file.bytes > 0 ? Math.min(1, bytes / file.bytes) : 1);
    }
  }
  const failures: unknown[] = [];
  // No more is read while too much of it waits to be saved. What fails here is no fault of the file.
  const saveWhole = async () => {
    try {
      signal.throwIfAborted();
      for (let shard = intake.next(); shard; shard = intake.next()) await saver.save(shard);
    } catch (error) {
      failures.push(error);
    }
    return failures.length === 0;
  };
  const { name } = file;
  const outcome = await readScanFile({ name, bytes: read() }, { onHost: intake.take });
  if (failures.length > 0) throw failures[0];
  if (!outcome.ok) throw new BadFileError(`${outcome.problem} Nothing of it was imported.`);
  const { facts, warning } = outcome;
  const lacks = facts.truncated || facts.exit === 'error' ? (warning ?? null) : null;
  return { facts, lacks };
}

function isWhole({ scanner, exit, truncated }: ScanFacts): boolean {
  return scanner === 'nmap' && exit === 'success' && !truncated;
}

/**
 * nmap without -v does not list hosts that did not answer: those that the command asked for certain
 * and that the group knows were silent.
 */
async function judgeUnlisted(
  tx: SiteTransaction,
  { groupId }: ImportPlace,
  { intake, saver, args }: { intake: Intake; saver: ShardSaver; args: string },
): Promise<void> {
  const { asked } = readCommand(args);
  if (asked.length === 0) return;
  let beyond: string | null = null;
  do {
    const page: string[] = await selectHeedful(tx, groupId, { beyond, limit: HEEDFUL_AT_ONCE });
    for (const address of page)
      if (!intake.hasTaken(address) && isWithin(asked, address))
        intake.take({ kind: 'seen', host: buildSilent(address) });
    for (let shard = intake.next(); shard; shard = intake.next()) await saver.save(shard);
    beyond = page.length === HEEDFUL_AT_ONCE ? (page.at(-1) ?? null) : null;
  } while (beyond !== null);
}

function buildSilent(address: string): HostObservation {
  return {
    ...{ address, status: 'silent', reason: 'no-response' },
    ...{ names: [], endpoints: [], rest: [], covered: { tcp: [], udp: [] } },
  } as const;
}

interface Ending {
  readonly scan: ScanRow;
  readonly at: Date;
  readonly saver: ShardSaver;
  readonly intake: Intake;
  readonly file: DatedFile;
}

async function endImport(
  tx: SiteTransaction,
  { scan, at, saver, intake, file }: Ending,
): Promise<ImportedFile> {
  const { shards, addresses, deltas, covered } = saver.totals();
  const leftOut = intake.leftOut();
  if (covered === 0) throw new BadFileError(describeNothing(file.name, leftOut));
  await addScanProblems(tx, scan.id, [...saver.problems(), ...describeLeftOut(leftOut)]);
  await updateScan(tx, scan.id, { address_count: addresses, shard_count: shards });
  const counted = await countShardsDone(tx, scan.id, { shards, deltas });
  await sumUpScan(tx, { closeScan }, { scan: counted, finishedAt: at });
  await publishEvent(tx, { siteId: scan.site_id, type: 'scan', id: scan.id });
  const ended = (await selectScan(tx, scan.id)) ?? counted;
  return {
    scanId: scan.id,
    at: at.toISOString(),
    first: scan.first,
    hostsUp: ended.hosts_up,
    servicesOpen: ended.services_open,
    addresses,
    deltas: ended.delta_count,
    ratings: ended.delta_count > 0 ? await selectRatingCounts(tx, scan.id) : {},
    problems: ended.problems.map(({ what, message }) => `${what}: ${message}`),
  };
}

function describeNothing(name: string, leftOut: number): string {
  if (leftOut === 0) return `${name}: it holds no finished host. Nothing was imported.`;
  return `${name}: none of its ${leftOut} hosts is a target of this group. Add them to its targets, or import into another group.`;
}

function describeLeftOut(leftOut: number) {
  if (leftOut === 0) return [];
  const what = leftOut === 1 ? '1 host of the file' : `${leftOut} hosts of the file`;
  return [{ what, message: 'No target of this group, so left out.' }];
}
