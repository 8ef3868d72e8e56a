import type { Random } from '../../server/src/playground/random.ts';

/**
 * Loss in bursts: a path that is good for a while and bad for a while (Gilbert 1960, Elliott 1963),
 * in continuous time. Durations in ms, exponentially distributed about their means.
 */
export interface BurstPlan {
  readonly meanGoodMs: number;
  readonly meanBadMs: number;
  /** Probability 0–1 that a packet is lost while the path is bad; 0.95 when absent. */
  readonly badLoss?: number;
  readonly seed: number;
}

export interface Stretch {
  readonly bad: boolean;
  readonly ms: number;
}

/** The stretches of a path one after the other, without end, the first of them good. */
export function* listStretches(
  { meanGoodMs, meanBadMs }: Pick<BurstPlan, 'meanGoodMs' | 'meanBadMs'>,
  random: Random,
): Generator<Stretch, never> {
  for (let bad = false; ; bad = !bad)
    yield { bad, ms: drawExponential(bad ? meanBadMs : meanGoodMs, random) };
}

/** Inverse transform: −mean · ln(1 − u) for u even in [0, 1). */
function drawExponential(mean: number, random: Random): number {
  return -mean * Math.log(1 - random());
}

/** The share of time 0–1 in which such a path is bad. */
export function shareOfBad({ meanGoodMs, meanBadMs }: BurstPlan): number {
  return meanBadMs / (meanGoodMs + meanBadMs);
}
