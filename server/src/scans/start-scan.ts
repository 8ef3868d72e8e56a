import { placeInSite, takeTurns } from '@netdelta/core/schedule/take-turns.ts';
import { type Scope, splitByScope } from '@netdelta/core/scope/scope.ts';
import { cutShards } from '@netdelta/core/target/cut-shards.ts';
import { expandTargets } from '@netdelta/core/target/expand-targets.ts';
import type { Target, TargetSet } from '@netdelta/core/target/target.ts';
import { subtractNames } from '@netdelta/core/target/target-ranges.ts';
import { sourceOfProgram } from '../audit/record-audit.ts';
import type { Database, SiteTransaction } from '../db/database.ts';
import type { ScanProblem } from '../db/tables.ts';
import type { JobData } from '../queue/queue.ts';
import { judgeTargets, loadScope } from '../sites/load-scope.ts';
import { recordRefusedScan } from './record-refused-scan.ts';
import type { NameResolver } from './resolve-names.ts';
import { endScan, type ScanParts } from './scan-lifecycle.ts';
import {
  addScanProblems,
  type ScanRow,
  selectScan,
  selectScanForUpdate,
  selectTargets,
  updateScan,
} from './scan-queries.ts';
import { insertShards } from './shard-queries.ts';
import { lockTurns, updateTurn } from './turn-queries.ts';

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
  const asked = await keepInside(tx, scan, work);
  const shards = cutShards(asked.addresses).map((addresses) => ({
    addresses,
    names: Object.fromEntries(
      addresses.flatMap((address) => {
        const name = work.names.get(address);
        return name === undefined ? [] : [[address, name]];
      }),
    ),
  }));
  await addScanProblems(tx, scanId, asked.problems);
  const { next, ...line } = await lockTurns(tx, siteId);
  const places = placeInSite(next, shards.length);
  const placed = shards.map((shard, number) => ({ ...shard, turn: places[number] ?? 0 }));
  await insertShards(tx, { siteId, scanId }, placed);
  await updateScan(tx, scanId, {
    address_count: asked.addresses.length,
    shard_count: shards.length,
  });
  const turns = takeTurns(line, shards.length);
  await updateTurn(tx, siteId, turns.at(-1) ?? line.last);
  for (const [number, turn] of turns.entries())
    await parts.queue.enqueue(tx, 'scan.shard', { siteId, scanId, number, turn }, { turn });
  if (shards.length === 0) await endScan(tx, parts, scan);
  if (asked.refusal !== null) await noteRefusal(tx, scan, asked.refusal);
  await parts.live.publish(tx, { siteId, type: 'scan', id: scanId });
}

function noteRefusal(
  tx: SiteTransaction,
  { site_id, group_id }: ScanRow,
  reason: string,
): Promise<void> {
  const outcome = { code: 'outside-scope', reason } as const;
  const source = sourceOfProgram('scan');
  return recordRefusedScan(tx, site_id, { groupId: group_id, outcome, source });
}

/**
 * What of the work lies inside of the site's scope. It may have been narrowed since the scan was
 * wished: then nothing of it is asked, as if it were wished now. Only what host names lead to is left
 * out piece by piece: they move by themselves.
 */
async function keepInside(
  tx: SiteTransaction,
  { site_id, group_id }: ScanRow,
  work: Work,
): Promise<Kept> {
  const scope = await loadScope(tx, site_id);
  if (scope.length === 0) return { ...work, refusal: null };
  const refusal = judgeTargets(scope, await selectTargets(tx, group_id));
  if (refusal === null) return { ...leaveOutMoved(scope, work), refusal };
  const problems = [...work.problems, { what: 'scope', message: refusal }];
  return { addresses: [], problems, refusal };
}

interface Kept extends Pick<Work, 'addresses' | 'problems'> {
  /** Why nothing is asked. */
  readonly refusal: string | null;
}

const MOST_MOVED_SHOWN = 20;

function leaveOutMoved(
  scope: Scope,
  { addresses, names, problems }: Work,
): Pick<Work, 'addresses' | 'problems'> {
  const { outside } = splitByScope(scope, [...names.keys()], Object.fromEntries(names));
  if (outside.length === 0) return { addresses, problems };
  const moved = new Set(outside);
  const shown = outside.slice(0, MOST_MOVED_SHOWN).map((address) => ({
    what: names.get(address) ?? address,
    message: `The host name leads to ${address}, which is outside of the site's scope: it was not asked.`,
  }));
  const more = outside.length - shown.length;
  const rest = { what: 'scope', message: `${more} more addresses of host names were not asked.` };
  return {
    addresses: addresses.filter((address) => !moved.has(address)),
    problems: [...problems, ...shown, ...(more > 0 ? [rest] : [])],
  };
}
