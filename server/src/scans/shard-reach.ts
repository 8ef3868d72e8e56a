import { type Scope, splitByScope } from '@netdelta/core/scope/scope.ts';
import type { SiteTransaction } from '../db/database.ts';
import { loadScope } from '../sites/load-scope.ts';
import type { ShardRow } from './shard-queries.ts';

/** What of a shard may be asked now. */
export interface ShardReach {
  readonly scope: Scope;
  readonly inside: readonly string[];
  readonly outside: readonly string[];
}

/** Parts a shard by the site's scope as it is now: it may have been narrowed, or ended, since the scan began. */
export async function readReach(
  tx: SiteTransaction,
  { site_id, addresses, names }: Pick<ShardRow, 'site_id' | 'addresses' | 'names'>,
): Promise<ShardReach> {
  const scope = await loadScope(tx, site_id);
  return { scope, ...splitByScope(scope, addresses, names) };
}

/** Why some were not asked; null: all were. The same for all shards, so that their scan tells it once. */
export function describeReach({ outside }: ShardReach): string | null {
  if (outside.length === 0) return null;
  return "Some addresses were not asked: they are outside of the site's scope, which was narrowed or has expired since the scan began.";
}
