import type { GroupRequest, TargetsRequest } from '@netdelta/core/api/groups.ts';
import type { ApiError } from '@netdelta/core/api/page.ts';
import { type CheckedTargets, checkTargets } from '@netdelta/core/target/check-targets.ts';
import { compareTargets } from '@netdelta/core/target/compare-targets.ts';
import { countAddresses } from '@netdelta/core/target/count-addresses.ts';
import { parseBeacons } from '@netdelta/core/target/parse-beacons.ts';
import type { Target } from '@netdelta/core/target/target.ts';
import { subtractNames, subtractRanges } from '@netdelta/core/target/target-ranges.ts';
import type { SiteTransaction } from '../db/database.ts';
import { writeDownAfter } from '../db/down-after.ts';
import { notFound, RequestProblem } from '../http/request-problem.ts';
import type { RequestSite } from '../http/site-routes.ts';
import { checkGroupQuota } from '../sites/check-quota.ts';
import {
  deleteGroup,
  type GroupColumns,
  insertGroup,
  selectGroup,
  selectGroupForUpdate,
  selectHasScan,
  selectIsLarge,
  selectProfileExists,
  updateDeleting,
  updateGroup,
} from './group-queries.ts';
import {
  insertTargetDeltas,
  lockEdits,
  type Reach,
  type TargetDelta,
  updateHostsToReach,
} from './reach-queries.ts';

/** Reads what was typed as targets, against the site's limit. */
export function readTargets(site: RequestSite, typed: TargetsRequest): CheckedTargets {
  return checkTargets({ ...typed, limit: site.targetLimit });
}

/** Stores a new group. Answers its id. @throws RequestProblem listing all that is wrong with it */
export async function createGroup(
  tx: SiteTransaction,
  site: RequestSite,
  typed: GroupRequest,
): Promise<string> {
  return insertGroup(tx, site.id, await readGroup(tx, site, { typed, id: null, before: 0 }));
}

/**
 * Stores an edited group. After its first finished scan, targets that came or went are deltas, and
 * hosts follow them.
 */
export async function editGroup(
  tx: SiteTransaction,
  site: RequestSite,
  { id, typed }: { id: string; typed: GroupRequest },
): Promise<void> {
  await lockEdits(tx, id);
  const before = await selectGroup(tx, id);
  if (!before) throw notFound('group');
  if (before.deleting_since)
    throw new RequestProblem(409, 'group-deleting', 'This group is being deleted.');
  const size = before.address_count + before.name_count;
  const columns = await readGroup(tx, site, { typed, id, before: size });
  const place = { siteId: site.id, groupId: id };
  const { targets, exclusions } = readTargets(site, typed).set;
  await updateHostsToReach(tx, place, describeReach(targets, exclusions));
  await updateGroup(tx, id, columns);
  if (!(await selectHasScan(tx, id, ['finished', 'partial']))) return;
  const { added, removed } = compareTargets(before.targets, targets);
  await insertTargetDeltas(tx, place, [
    ...added.map((target) => targetDelta('target.added', target, exclusions)),
    ...removed.map((target) => targetDelta('target.removed', target, before.exclusions)),
  ]);
}

/**
 * Deletes a group with all that is known of it, unless a scan of it still runs. A large one is only
 * marked (`deleting`): its rows have to go in small steps, by the job `group.delete`.
 */
export async function removeGroup(
  tx: SiteTransaction,
  id: string,
): Promise<'deleted' | 'deleting'> {
  await lockEdits(tx, id);
  if (!(await selectGroupForUpdate(tx, id))) throw notFound('group');
  if (await selectHasScan(tx, id, ['running', 'cancelling', 'waiting']))
    throw new RequestProblem(
      409,
      'scan-runs',
      'A scan of this group runs. Cancel it first, then delete the group.',
    );
  if (!(await selectIsLarge(tx, id))) {
    await deleteGroup(tx, id);
    return 'deleted';
  }
  await updateDeleting(tx, id);
  return 'deleting';
}

const EVERYWHERE: readonly Target[] = [
  { kind: 'range', text: '0.0.0.0/0', first: '0.0.0.0', last: '255.255.255.255' },
  { kind: 'range', text: '::/0', first: '::', last: 'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff' },
];

function describeReach(targets: readonly Target[], exclusions: readonly Target[]): Reach {
  const inside = subtractRanges(targets, exclusions);
  const held = inside.map((range) => ({ kind: 'range', text: '', ...range }) as const);
  return {
    inside,
    outside: subtractRanges(EVERYWHERE, held),
    excluded: subtractRanges(exclusions, []),
    names: subtractNames(targets, exclusions),
  };
}

function targetDelta(
  kind: TargetDelta['kind'],
  target: Target,
  exclusions: readonly Target[],
): TargetDelta {
  const addresses = target.kind === 'name' ? null : Number(countAddresses([target], exclusions));
  return { kind, target, addresses };
}

/** A group as typed; of one that is edited its id, and how many addresses and names it held. */
interface Draft {
  readonly typed: GroupRequest;
  readonly id: string | null;
  readonly before: number;
}

async function readGroup(
  tx: SiteTransaction,
  site: RequestSite,
  { typed, id, before }: Draft,
): Promise<GroupColumns> {
  const { set, problems, addressCount, nameCount } = readTargets(site, typed);
  const all: ApiError['problems'] = problems.map(({ field, ...problem }) => ({
    path: field,
    ...problem,
  }));
  for (const { line, text, message } of parseBeacons(typed.beacons).problems)
    all.push({ path: 'beacons', line, text, message });
  if (!(await selectProfileExists(tx, typed.profileId)))
    all.push({ path: 'profileId', message: 'is not a profile of this site' });
  const size = { id, before, after: addressCount + nameCount };
  all.push(...(await checkGroupQuota(tx, site.id, size)));
  if (all.length > 0)
    throw new RequestProblem(400, 'bad-group', 'The group cannot be stored like this.', all);
  return {
    name: typed.name,
    description: typed.description,
    owner: typed.owner,
    targets_text: typed.targets,
    exclusions_text: typed.exclusions,
    targets: JSON.stringify(set.targets),
    exclusions: JSON.stringify(set.exclusions),
    address_count: addressCount,
    name_count: nameCount,
    profile_id: typed.profileId,
    down_after: writeDownAfter(typed.downAfter),
    service_down_after: writeDownAfter(typed.serviceDownAfter),
    identity: typed.identity,
    beacons: typed.beacons,
    recipients: [...new Set(typed.recipients)],
  };
}
