import { dayAt } from '@netdelta/core/scope/day.ts';
import { describeOutside } from '@netdelta/core/scope/describe-outside.ts';
import { decideScope, findOutside, type Scope } from '@netdelta/core/scope/scope.ts';
import { parseBeacons } from '@netdelta/core/target/parse-beacons.ts';
import type { Target } from '@netdelta/core/target/target.ts';
import { mergeRanges, rangesLeft, rangesOf } from '@netdelta/core/target/target-ranges.ts';
import type { SiteTransaction } from '../db/database.ts';
import { selectScopeRules } from './scope-queries.ts';

/** What a site may scan at this moment. */
export async function loadScope(tx: SiteTransaction, siteId: string): Promise<Scope> {
  const rules = await selectScopeRules(tx, siteId);
  return decideScope(rules, dayAt(Date.now(), rules[0]?.timeZone ?? 'UTC'));
}

/** What a scan of a group asks, but for what its host names lead to. */
export interface AskedTargets {
  readonly targets: readonly Target[];
  readonly exclusions: readonly Target[];
  /** As typed: they are asked, too. */
  readonly beacons: string;
}

/** Why a scan of these is refused; null: it is not, as far as addresses say. */
export function judgeTargets(scope: Scope, asked: AskedTargets): string | null {
  if (scope.length === 0) return null;
  const { targets, exclusions, beacons } = asked;
  const sentinels = parseBeacons(beacons).beacons.map(
    ({ address }): Target => ({
      ...{ kind: 'range', text: address, first: address, last: address },
    }),
  );
  const ranges = mergeRanges([...rangesLeft(targets, exclusions), ...rangesOf(sentinels)]);
  return describeOutside(findOutside(scope, ranges));
}
