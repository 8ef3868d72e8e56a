import type { HostBelief } from '@netdelta/core/host/belief.ts';
import type { SiteTransaction } from '../db/database.ts';
import { type Place, selectGroupBeliefsForUpdate } from './belief-queries.ts';
import { type Keepsake, selectDisplaced } from './tenant-queries.ts';

/** What is known of a group before a scan of it is judged. Hosts are keys by their very belief. */
export interface KnownGroup {
  readonly beliefs: ReadonlyMap<string, HostBelief>;
  /** By address: the host name target that it came from. */
  readonly targetNames: ReadonlyMap<string, string>;
  readonly keepsakes: ReadonlyMap<HostBelief, Keepsake>;
  /** The ids of displaced hosts. */
  readonly displaced: ReadonlyMap<HostBelief, string>;
}

const NO_KEEPSAKE = { down_after: null, service_down_after: null };

/** What of a host is not in its belief. */
export function keepsakeOf({ keepsakes }: KnownGroup, host: HostBelief | undefined) {
  return (host && keepsakes.get(host)) ?? NO_KEEPSAKE;
}

/** Locks the hosts of a group until the transaction ends, and answers what is known of them. */
export async function recallGroup(tx: SiteTransaction, place: Place): Promise<KnownGroup> {
  const { beliefs, rows } = await selectGroupBeliefsForUpdate(tx, place.groupId);
  const displaced = await selectDisplaced(tx, place);
  const placed = [...beliefs].flatMap(([address, belief]) => {
    const row = rows.get(address);
    return row ? [[belief, row] as const] : [];
  });
  const homeless = displaced.map(
    (row) => [row.belief, { ...row, status_since: row.displaced_at }] as const,
  );
  return {
    beliefs,
    targetNames: new Map(
      [...rows].flatMap(([address, row]) => (row.target_name ? [[address, row.target_name]] : [])),
    ),
    keepsakes: new Map<HostBelief, Keepsake>([...placed, ...homeless]),
    displaced: new Map(displaced.map(({ belief, id }) => [belief, id])),
  };
}
