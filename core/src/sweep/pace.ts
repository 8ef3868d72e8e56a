/** How fast a path is asked, in probes/s; null: as fast as the sockets allow. */
export interface Pace {
  readonly rate: number | null;
  /** Slower for a try: the loss at the rate before it, and that rate. */
  readonly trial?: { readonly loss: number; readonly rate: number | null };
  /** This loss did not become less at half the rate: the path has it by itself. */
  readonly ownLoss?: number;
}

/** One pass over many endpoints: how fast they were asked, and how many of the answering ones stayed silent. */
export interface PassSeen {
  /** Probes/s that were really sent. */
  readonly rate: number;
  /** 0–1 */
  readonly loss: number;
  /** Endpoints on which the loss rests. */
  readonly answers: number;
}

/** The profile's own rates, in probes/s: never slower, never faster. */
export interface PaceLimits {
  readonly minRate?: number | undefined;
  readonly maxRate?: number | undefined;
}

const SUSPICIOUS = 0.25;
/** At half the rate an overloaded path delivers up to twice the part; one that loses by itself, the same. */
const HELPED = 1.1;
const WORSE = 1.5;
const ENOUGH_ANSWERS = 100;
const SLOWEST = 200;

export function startPace({ maxRate }: PaceLimits): Pace {
  return { rate: maxRate ?? null };
}

/**
 * Decides how fast to go on. A high loss may be made by our own rate: it is halved for a try. Where
 * the loss becomes less the slower rate stays (and may be halved again); where it does not, the path
 * itself loses so much, and the rate is restored.
 */
export function decidePace(pace: Pace, seen: PassSeen, limits: PaceLimits): Pace {
  if (seen.answers < ENOUGH_ANSWERS) return pace;
  if (!pace.trial) return isSuspicious(pace, seen) ? slowDown(pace, seen, limits) : pace;
  // What was asked before the trial began says nothing about it.
  if (pace.rate !== null && seen.rate > 1.25 * pace.rate) return pace;
  // Two standard deviations of the loss that was seen are chance.
  const chance = 2 * Math.sqrt(seen.loss / seen.answers);
  const helped = 1 - seen.loss - chance >= HELPED * (1 - pace.trial.loss);
  if (!helped) return { rate: pace.trial.rate, ownLoss: seen.loss };
  const settled: Pace = { rate: pace.rate };
  return isSuspicious(settled, seen) ? slowDown(settled, seen, limits) : settled;
}

function isSuspicious({ ownLoss }: Pace, { loss }: PassSeen): boolean {
  return loss > SUSPICIOUS && (ownLoss === undefined || loss > WORSE * ownLoss);
}

function slowDown(pace: Pace, { rate, loss }: PassSeen, { minRate = 0 }: PaceLimits): Pace {
  const half = Math.max(Math.round(rate / 2), minRate, SLOWEST);
  if (half >= (pace.rate ?? rate)) return pace;
  return { rate: half, trial: { loss, rate: pace.rate } };
}
