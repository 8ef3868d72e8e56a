import type { Delta } from '@netdelta/core/delta/delta.ts';
import type { Rating } from '@netdelta/core/evidence/rating.ts';
import type { HostBelief } from '@netdelta/core/host/belief.ts';
import type { SilenceRules } from '@netdelta/core/host/silence-rule.ts';
import { createRatingMemory } from '@netdelta/core/policy/rate-replayed.ts';
import { createReplay, type PastScan, type PastSight } from '@netdelta/core/policy/replay.ts';
import type { PortSet } from '@netdelta/core/snapshot/port-set.ts';

/** What one judge makes of a whole scan. */
export interface JudgedScan {
  readonly deltas: readonly Delta[];
  /** Of deltas that have a host. */
  readonly ratings: ReadonlyMap<Delta, Rating>;
  /** After the scan. */
  readonly beliefOf: (address: string) => HostBelief | undefined;
  readonly rulesOf: (address: string) => SilenceRules;
}

interface JudgeOptions {
  /** Rules that hosts have of their own; they come before all others. */
  readonly own: ReadonlyMap<string, Partial<SilenceRules>>;
  /** What is to be otherwise than in the scans' own rules. */
  readonly news: Partial<SilenceRules>;
  /** How many scans back a rating looks, 0–100. */
  readonly window: number;
  readonly dangerPorts: PortSet;
}

/** Judges the sights of scan after scan; `end` closes a scan, which counts as history or does not. */
export function createReplayJudge({ own, news, ...rating }: JudgeOptions) {
  const replay = createReplay();
  const ratings = createRatingMemory(rating);
  let deltas: Delta[] = [];
  let rulesOf = (_address: string): SilenceRules => NO_SCAN;
  return {
    see: (scan: PastScan, sight: PastSight, rules: SilenceRules): void => {
      rulesOf = (address) => ({ ...rules, ...news, ...own.get(address) });
      deltas.push(...replay.see(scan, sight, rulesOf));
    },
    end: (counts: boolean): JudgedScan => {
      const ended = deltas;
      deltas = [];
      const rated = ratings.rate(ended, counts);
      return { deltas: ended, ratings: rated, beliefOf: replay.beliefOf, rulesOf };
    },
  };
}

const NO_SCAN: SilenceRules = { downAfter: 'evidence', serviceDownAfter: 'evidence' };
