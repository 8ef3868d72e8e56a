import { promisify } from 'node:util';
import { zstdDecompress } from 'node:zlib';
import type { ExportHead, ExportLineType } from '@netdelta/core/api/export.ts';
import { checkTiming } from '@netdelta/core/schedule/check-timing.ts';
import type { ScheduleTiming } from '@netdelta/core/schedule/schedule.ts';
import { parsePortSet } from '@netdelta/core/snapshot/port-set.ts';
import { checkTargets } from '@netdelta/core/target/check-targets.ts';
import { parseBeacons } from '@netdelta/core/target/parse-beacons.ts';
import { countAddressSet } from '../db/address-set.ts';
import type { ExtraFields } from './fact-queries.ts';

export type Row = Readonly<Record<string, unknown>>;

/** What a line becomes: the row to store, or all that is wrong with it. */
type Restored = { readonly row: Row } | { readonly problems: readonly string[] };

/** What has been read before a line, and may be named by it. */
export interface KnownIds {
  readonly profiles: Set<string>;
  readonly groups: Set<string>;
  readonly scans: Set<string>;
  /** From the file's ids to those of the database. */
  readonly coverages: Map<string, string>;
  readonly sightBases: Map<string, string>;
}

/** The columns of a group that are read anew from its texts. */
export const GROUP_EXTRAS: ExtraFields = {
  readTargets: { column: 'targets', type: 'jsonb' },
  readExclusions: { column: 'exclusions', type: 'jsonb' },
  addressCount: { type: 'integer' },
  nameCount: { type: 'integer' },
};

/** The most that a site may ever allow. */
const MOST_TARGETS = 1_000_000;
const MOST_SIGHT_BYTES = 268_435_456;
const OPEN = new Set(['waiting', 'running', 'cancelling', 'queued']);
const decompress = promisify(zstdDecompress);

/** Makes the row to store of a line that its schema accepted. */
export async function restoreRow(
  type: ExportLineType,
  row: Row,
  { head, known }: { head: ExportHead; known: KnownIds },
): Promise<Restored> {
  const strays = listStrays(type, row, known);
  if (strays.length > 0) return { problems: strays };
  if (type === 'group') return restoreGroup(row);
  if (type === 'schedule') return restoreSchedule(row, head);
  if (type === 'scan') return { row: endScan(row, head) };
  if (type === 'shard') return restoreShard(row, { head, known });
  if (type === 'sightBase')
    return (await isSight(String(row.sight))) ? { row } : { problems: [NO_SIGHT] };
  if (type === 'host' || type === 'hostInterval')
    return {
      row: { ...row, coverageId: known.coverages.get(String(row.coverageId)) ?? null },
    };
  if (type === 'coverage') return checkPorts(row);
  return { row };
}

/** References to what the file has not told before. */
function listStrays(type: ExportLineType, row: Row, known: KnownIds): string[] {
  const asked: [field: string, ids: ReadonlySet<string> | ReadonlyMap<string, string>][] = [
    ['groupId', known.groups],
    ...(type === 'group' ? [['profileId', known.profiles] as [string, Set<string>]] : []),
    ...(type === 'shard' ? [['scanId', known.scans] as [string, Set<string>]] : []),
    ['sightBaseId', known.sightBases],
    ['coverageId', known.coverages],
  ];
  return asked.flatMap(([field, ids]) => {
    const id = row[field];
    return typeof id === 'string' && !ids.has(id)
      ? [`${type}.${field}: there is no such ${field.slice(0, -2)} before it in this file`]
      : [];
  });
}

/** Targets are read from what was typed: nothing that a file says of them is believed. */
function restoreGroup(row: Row): Restored {
  const { targets, exclusions, beacons } = row as Record<string, string>;
  const checked = checkTargets({
    targets: targets ?? '',
    exclusions: exclusions ?? '',
    limit: MOST_TARGETS,
  });
  const problems = [
    ...checked.problems.map(
      ({ field, line, message }) => `group.${field}: line ${line}: ${message}`,
    ),
    ...parseBeacons(beacons ?? '').problems.map(
      ({ line, message }) => `group.beacons: line ${line}: ${message}`,
    ),
  ];
  if (problems.length > 0) return { problems };
  const { set, addressCount, nameCount } = checked;
  const read = { readTargets: set.targets, readExclusions: set.exclusions };
  return { row: { ...row, ...read, addressCount, nameCount } };
}

/** A copy must not begin to scan by itself. */
function restoreSchedule(row: Row, { at }: ExportHead): Restored {
  const timing = row.timing as ScheduleTiming;
  // A single run that was in the past by then is only history.
  const problems = timing.kind === 'once' ? [] : checkTiming(timing, at);
  return problems.length > 0
    ? { problems: problems.map((problem) => `schedule.timing: ${problem}`) }
    : { row: { ...row, enabled: false, nextRunAt: null } };
}

/** What ran when it was exported has nobody here who goes on with it. */
function endScan(row: Row, { at }: ExportHead): Row {
  if (!OPEN.has(String(row.status))) return row;
  const problem = { what: 'export', message: 'It had not ended when it was exported.' };
  const problems = [...(row.problems as object[]), problem];
  return { ...row, status: 'cancelled', finishedAt: at, problems };
}

async function restoreShard(
  row: Row,
  { head, known }: { head: ExportHead; known: KnownIds },
): Promise<Restored> {
  const { sight, sightBaseId: base } = row as { sight: string | null; sightBaseId: string | null };
  // What differs from a base only its base unpacks, within the same bounds.
  if (sight !== null && base === null && !(await isSight(sight))) return { problems: [NO_SIGHT] };
  if (!isOfSize(row)) return { problems: [OTHER_SIZE] };
  const based = { ...row, sightBaseId: known.sightBases.get(base ?? '') ?? null };
  const open = OPEN.has(String(row.status));
  return { row: open ? { ...based, status: 'cancelled', finishedAt: head.at } : based };
}

/** Whoever reads a shard lists its addresses: there must not be more than a shard can have. */
function isOfSize({ addresses, addressCount }: Row): boolean {
  try {
    return countAddressSet(String(addresses)) === BigInt(Number(addressCount));
  } catch {
    return false;
  }
}

const OTHER_SIZE = 'shard.addresses: are not as many as addressCount says';
const NO_SIGHT = 'sight: is not what NetDelta packed (zstd of JSON)';

/** Unpacked once, within bounds, so that nothing that is stored breaks who reads it later. */
async function isSight(base64: string): Promise<boolean> {
  try {
    const bytes = await decompress(Buffer.from(base64, 'base64'), {
      maxOutputLength: MOST_SIGHT_BYTES,
    });
    const { way, sight } = JSON.parse(bytes.toString('utf8'));
    return typeof way === 'string' && Array.isArray(sight?.snapshot?.hosts);
  } catch {
    return false;
  }
}

function checkPorts(row: Row): Restored {
  const problems = ['tcp', 'udp'].flatMap((field) =>
    parsePortSet(row[field] as string).problems.map((problem) => `coverage.${field}: ${problem}`),
  );
  return problems.length > 0 ? { problems } : { row };
}
