import type { MovingIdentity } from '@netdelta/core/host/identity.ts';
import { hostStatusOf } from '@netdelta/core/host/status.ts';
import { compareAddress, type TwoMoments } from '@netdelta/core/past/compare-hosts.ts';
import type { MomentComparison } from '@netdelta/core/past/compare-moments.ts';
import type { HostMoment } from '@netdelta/core/past/moment.ts';
import { type Moves, pairTenants } from '@netdelta/core/past/pair-tenants.ts';
import { presenceOf } from '@netdelta/core/past/presence.ts';
import type { SiteTransaction } from '../../db/database.ts';
import {
  type HostKey,
  type HostMomentRow,
  type Span,
  selectDiffering,
  selectHostMoments,
  selectServiceMoments,
  selectTouched,
  selectTouchedWalking,
  selectWritten,
} from './compare-queries.ts';
import { selectGroupFacts } from './instant-queries.ts';
import { hostKeyText, readMoments } from './read-moments.ts';

/** Two instants (ISO 8601), in the order in which they are compared. */
export interface InstantPair {
  readonly from: string;
  readonly to: string;
  readonly groupId?: string | undefined;
}

/** A host that differs, or that cannot be compared. */
export interface HostDifference extends MomentComparison {
  readonly groupId: string;
  readonly groupName: string;
  readonly address: string;
  readonly names: readonly string[];
}

/** A part of all differences, in the order of addresses. `next` goes on behind it; null: that was all. */
export interface DifferencePage {
  readonly items: readonly HostDifference[];
  readonly next: HostKey | null;
}

/** What all parts of one comparison have in common. */
export interface Comparison {
  readonly pair: InstantPair;
  readonly span: Span;
  /** How many intervals began or ended between the instants, up to MOST_COUNTED of each kind. */
  readonly written: number;
  readonly groups: Awaited<ReturnType<typeof selectGroupFacts>>;
  /** Of each group that knows its hosts by more than their addresses. */
  readonly moves: ReadonlyMap<string, { readonly by: MovingIdentity; readonly moves: Moves }>;
}

/** From so many intervals on hosts are walked for a page: one of many has changed. */
const GATHERED = 50_000;
/** From so many on their changes are not counted. */
export const MOST_COUNTED = 200_000;
/** So many hosts are walked for one page. */
const WALKED = 20_000;
/** So many hosts with other facts are looked through for moves in a group. */
const MOST_MOVED = 20_000;

/** Begins to compare: finds out how much was written between two instants, and which hosts moved. */
export async function beginComparison(tx: SiteTransaction, pair: InstantPair): Promise<Comparison> {
  const [earlier, later] = [pair.from, pair.to].sort() as [string, string];
  const { groupId } = pair;
  const span: Span = { earlier, later, ...(groupId !== undefined && { groupId }) };
  const groups = await selectGroupFacts(tx, groupId === undefined ? undefined : [groupId]);
  const written = await selectWritten(tx, span, MOST_COUNTED);
  const moves = new Map<string, { by: MovingIdentity; moves: Moves }>();
  for (const { id, identity } of groups.values())
    if (identity !== 'address')
      moves.set(id, { by: identity, moves: await findMoves(tx, { pair, span, by: identity, id }) });
  return { pair, span, written, groups, moves };
}

async function findMoves(
  tx: SiteTransaction,
  { pair, span, by, id }: { pair: InstantPair; span: Span; by: MovingIdentity; id: string },
): Promise<Moves> {
  const keys = await selectDiffering(tx, { ...span, groupId: id }, MOST_MOVED);
  const sides = order(pair, readMoments(await selectHostMoments(tx, span, keys), []));
  return pairTenants(by, sides.before.values(), sides.after.values());
}

/** Puts what was read in the order of time into that of the comparison. */
function order<Side>({ from, to }: InstantPair, read: { earlier: Side; later: Side }) {
  const { earlier, later } = read;
  return from <= to ? { before: earlier, after: later } : { before: later, after: earlier };
}

/** The next differences behind a host, those of at most `limit` hosts. A page may be short, or empty. */
export async function selectDifferences(
  tx: SiteTransaction,
  comparison: Comparison,
  page: { readonly beyond?: HostKey | undefined; readonly limit: number },
): Promise<DifferencePage> {
  const { keys, next } = await selectKeys(tx, comparison, page);
  return { items: await compareKeys(tx, comparison, { keys, changed: false }), next };
}

export async function selectKeys(
  tx: SiteTransaction,
  { span, written }: Comparison,
  { beyond, limit }: { readonly beyond?: HostKey | undefined; readonly limit: number },
): Promise<{ keys: readonly HostKey[]; next: HostKey | null }> {
  if (written >= GATHERED) {
    const { keys, last } = await selectTouchedWalking(tx, span, { beyond, limit, walked: WALKED });
    return { keys, next: last };
  }
  const keys = await selectTouched(tx, span, { beyond, limit: limit + 1 });
  const here = keys.slice(0, limit);
  return { keys: here, next: keys.length > limit ? (here.at(-1) ?? null) : null };
}

/** Compares hosts; `changed`: by the services alone that did not last, which says as much but for the sides of hosts. */
export async function compareKeys(
  tx: SiteTransaction,
  comparison: Comparison,
  { keys, changed }: { readonly keys: readonly HostKey[]; readonly changed: boolean },
): Promise<HostDifference[]> {
  const { pair, span, groups, moves } = comparison;
  const origins = keys.flatMap(({ groupId, address }) => {
    const move = moves.get(groupId)?.moves.to.get(address);
    return move ? [{ groupId, address: move.from }] : [];
  });
  const all = [...new Map([...keys, ...origins].map((key) => [hostKeyText(key), key])).values()];
  const hosts = await selectHostMoments(tx, span, all);
  // A host that moved has what it had at another address.
  const narrow = changed && moves.size === 0;
  const services = await selectServiceMoments(tx, span, {
    keys: narrow ? listSeenTwice(hosts) : all,
    changed: narrow,
  });
  const sides = order(pair, readMoments(hosts, services));
  return keys.flatMap((key) => {
    const identity = moves.get(key.groupId);
    const found = compareAddress(
      { ...ofGroup(sides, key.groupId), ...(identity && { identity }) },
      key.address,
    );
    if (found.changes.length === 0 && found.gaps.length === 0) return [];
    const text = hostKeyText(key);
    const names = (sides.after.get(text) ?? sides.before.get(text))?.names ?? [];
    return [{ ...key, groupName: groups.get(key.groupId)?.name ?? '', names, ...found }];
  });
}

/** The hosts of which services are compared: both times they had been seen up. */
function listSeenTwice(hosts: readonly HostMomentRow[]): HostKey[] {
  const keys = new Map<string, HostKey[]>();
  for (const { group_id: groupId, address, status } of hosts) {
    const presence = presenceOf(hostStatusOf(status));
    if (presence !== 'up' && presence !== 'down') continue;
    const key = { groupId, address };
    keys.set(hostKeyText(key), [...(keys.get(hostKeyText(key)) ?? []), key]);
  }
  return [...keys.values()].flatMap(([key, again]) => (key && again ? [key] : []));
}

type Sides = {
  readonly before: ReadonlyMap<string, HostMoment>;
  readonly after: ReadonlyMap<string, HostMoment>;
};

/** The hosts of one group by their address. */
function ofGroup({ before, after }: Sides, groupId: string): TwoMoments {
  const view = (side: ReadonlyMap<string, HostMoment>) => ({
    get: (address: string) => side.get(hostKeyText({ groupId, address })),
  });
  return { before: view(before), after: view(after) };
}
