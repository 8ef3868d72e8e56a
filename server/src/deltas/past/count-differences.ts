import { isSameService } from '@netdelta/core/compare/service-facts.ts';
import type { DeltaKind } from '@netdelta/core/delta/kinds.ts';
import type { ServiceFacts } from '@netdelta/core/snapshot/snapshot.ts';
import type { SiteTransaction } from '../../db/database.ts';
import {
  type Comparison,
  compareKeys,
  type InstantPair,
  MOST_COUNTED,
  selectKeys,
} from './compare-instants.ts';
import {
  type HostKey,
  type ServiceChangeRow,
  selectDiffering,
  selectServiceChanges,
} from './compare-queries.ts';
import { hostKeyText } from './read-moments.ts';

/** How much changed, by kind. */
export interface DifferenceCounts {
  readonly kinds: Readonly<Record<string, number>>;
  readonly changes: number;
  readonly hosts: number;
  readonly gaps: number;
  /** False: these are the counts of a part. */
  readonly complete: boolean;
}

const AT_ONCE = 5_000;
/** More hosts that differ in more than services are not counted. */
const MOST_DIFFERING = 50_000;

/**
 * Counts all changes between two instants, where these are so few that a page can wait for it;
 * otherwise those of the first hosts. Most changes are of services alone: of these no host is read.
 */
export async function countDifferences(
  tx: SiteTransaction,
  comparison: Comparison,
): Promise<DifferenceCounts> {
  const tally = createTally();
  if (comparison.written >= MOST_COUNTED) {
    const { keys, next } = await selectKeys(tx, comparison, { limit: AT_ONCE });
    await countHosts(tx, comparison, { keys, tally });
    return { ...tally.sum(), complete: !next };
  }
  const keys = await selectDiffering(tx, comparison.span, MOST_DIFFERING + 1);
  for (let start = 0; start < keys.length; start += AT_ONCE)
    await countHosts(tx, comparison, { keys: keys.slice(start, start + AT_ONCE), tally });
  await countServices(tx, comparison, tally);
  return { ...tally.sum(), complete: keys.length <= MOST_DIFFERING };
}

type Tally = ReturnType<typeof createTally>;

function createTally() {
  const kinds: Partial<Record<DeltaKind, number>> = {};
  const hosts = new Set<string>();
  let gaps = 0;
  return {
    change: (host: string, kind: DeltaKind) => {
      kinds[kind] = (kinds[kind] ?? 0) + 1;
      hosts.add(host);
    },
    gap: (count: number) => {
      gaps += count;
    },
    sum: () => {
      const changes = Object.values(kinds).reduce((sum, count) => sum + count, 0);
      return { kinds: { ...kinds }, changes, hosts: hosts.size, gaps };
    },
  };
}

async function countHosts(
  tx: SiteTransaction,
  comparison: Comparison,
  { keys, tally }: { readonly keys: readonly HostKey[]; readonly tally: Tally },
): Promise<void> {
  for (const item of await compareKeys(tx, comparison, { keys, changed: true })) {
    for (const { kind } of item.changes) tally.change(hostKeyText(item), kind);
    tally.gap(item.gaps.length);
  }
}

/**
 * As compareMoments would judge them, in either direction. There is no gap among them: of a host that
 * does not differ the same ports were known at both instants, those of its open services too.
 */
async function countServices(
  tx: SiteTransaction,
  { pair, span }: Comparison,
  tally: Tally,
): Promise<void> {
  const rows = await selectServiceChanges(tx, span);
  const isSame = createSameTest();
  for (const row of rows) {
    const kind = kindOf(row, pair);
    if (kind === 'service.changed' && isSame(row.before, row.after)) continue;
    tally.change(hostKeyText({ groupId: row.group_id, address: row.address }), kind);
  }
}

function kindOf({ was, is, end_state }: ServiceChangeRow, { from, to }: InstantPair): DeltaKind {
  if (was && is) return 'service.changed';
  if (from > to) return was ? 'service.opened' : 'service.closed';
  if (is) return 'service.opened';
  return end_state === 'filtered' ? 'service.filtered' : 'service.closed';
}

/** The same pairs come again and again: each is judged once. */
function createSameTest() {
  const judged = new Map<string, boolean>();
  const parse = (text: string | null) =>
    text === null ? undefined : (JSON.parse(text) as ServiceFacts);
  return (before: string | null, after: string | null): boolean => {
    const pair = `${before}\n${after}`;
    const same = judged.get(pair) ?? isSameService(parse(before), parse(after));
    judged.set(pair, same);
    return same;
  };
}
