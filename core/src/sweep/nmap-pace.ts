/** What nmap's pace depends on. */
export interface NmapPaceQuestion {
  /** nmap's timing template, 0–5. */
  readonly timing: number;
  /** The last known probability (0–1) that a probe of a live endpoint of this path stays unanswered. */
  readonly loss: number | undefined;
  /** UDP answers are limited by most hosts: to hurry them makes silence. */
  readonly udp: boolean;
  /** Packets/s that the profile allows at most. */
  readonly maxRate: number | undefined;
}

/** `--min-rate` in packets/s and `--max-retries`; absent: nmap's own choice. */
export interface NmapPace {
  readonly minRate?: number;
  readonly maxRetries?: number;
}

/** Packets/s by timing template; below 3 somebody wants it slow. */
const RATES: readonly (number | undefined)[] = [undefined, undefined, undefined, 300, 2000, 4000];
const RETRIES = 3;
const RETRIES_WITH_LOSS = 6;
const LOSSY = 0.02;
/** What a first scan misses is new in the second: an unknown path is taken for a lossy one. */
const UNKNOWN = 0.1;
/** A path that loses so much cannot carry the rate, or would not be hurt by a lower one. */
const OVERLOADED = 0.45;
const GENTLER = 4;

/**
 * Chooses nmap's rate and retries where a profile does not. nmap answers loss by slowing down, up to
 * a hundred times, without becoming right; a minimum rate with some retries is as right, and fast.
 * Measured figures: docs/decisions/0013.
 */
export function planNmapPace({ timing, loss, udp, maxRate }: NmapPaceQuestion): NmapPace {
  const rate = RATES[timing];
  if (udp || rate === undefined) return {};
  const minRate = (loss ?? 0) > OVERLOADED ? rate / GENTLER : rate;
  return {
    minRate: Math.min(minRate, maxRate ?? minRate),
    maxRetries: (loss ?? UNKNOWN) > LOSSY ? RETRIES_WITH_LOSS : RETRIES,
  };
}
