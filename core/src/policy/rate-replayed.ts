import type { Delta } from '../delta/delta.ts';
import { rateDelta } from '../evidence/rate-delta.ts';
import type { Rating } from '../evidence/rating.ts';
import { endpointKey } from '../snapshot/endpoint-index.ts';
import type { PortSet } from '../snapshot/port-set.ts';

export interface RatingMemory {
  /**
   * Rates what one scan told by the scans before it, which have to come in time order. A scan that
   * does not count (failed, or cancelled without deltas) is no history.
   */
  readonly rate: (deltas: readonly Delta[], counts: boolean) => ReadonlyMap<Delta, Rating>;
}

/** Begins to rate the deltas of a replay, as the end of a scan does (server/deltas/rating-queries). */
export function createRatingMemory({
  window,
  dangerPorts,
}: {
  readonly window: number;
  readonly dangerPorts: PortSet;
}): RatingMemory {
  const toldIn = new Map<string, readonly number[]>();
  let scans = 0;
  return {
    rate: (deltas, counts) => {
      const rated = deltas.filter(({ subject }) => 'address' in subject);
      const targets = Map.groupBy(rated, changeOf);
      const pastOf = (delta: Delta) =>
        (toldIn.get(sameDelta(delta)) ?? []).filter((scan) => scans - scan < window);
      const ratings = new Map(
        rated.map((delta) => {
          const past = pastOf(delta);
          const last = past.at(-1);
          const history = {
            window,
            scans: Math.min(scans, window),
            last: last === undefined ? null : scans - last + 1,
            times: past.length,
            targets: targets.get(changeOf(delta))?.length ?? 1,
          };
          return [delta, rateDelta(delta, history, dangerPorts).rating] as const;
        }),
      );
      if (!counts) return ratings;
      for (const delta of rated) toldIn.set(sameDelta(delta), [...pastOf(delta), scans + 1]);
      scans += 1;
      return ratings;
    },
  };
}

function sameDelta(delta: Delta): string {
  return `${'address' in delta.subject ? delta.subject.address : ''} ${changeOf(delta)}`;
}

/** Kind, endpoint and direction; a changed service is the same change only when it became the same. */
function changeOf(delta: Delta): string {
  const { kind, subject } = delta;
  const endpoint = 'port' in subject ? endpointKey(subject) : '';
  if (kind !== 'service.changed') return `${kind} ${endpoint}`;
  const { tunnel, name, product, version } = delta.after?.service ?? {};
  return [kind, endpoint, tunnel, name, product, version].filter(Boolean).join(' ');
}
