/**
 * Probes sent to endpoints that do answer: how many were answered, and how many of them stayed
 * unanswered before. An endpoint that never answered is in neither number: it may not be there.
 */
export interface ProbeCount {
  readonly answered: number;
  readonly unanswered: number;
}

export const NO_PROBES: ProbeCount = { answered: 0, unanswered: 0 };

/** A host that was hardly asked is taken to be as its path, with the weight of so many probes. */
const PATH_WEIGHT = 40;
/** What a path is taken for before anything was asked on it: one lost in twenty. */
const BEFORE: ProbeCount = { answered: 19, unanswered: 1 };
/** So many probes of open endpoints, all in vain: it cannot be heard in the time that a probe has. */
const UNHEARD = 2;
const LEAST = 0.03;
const MOST = 0.75;

export function addCounts(one: ProbeCount, other: ProbeCount): ProbeCount {
  return {
    answered: one.answered + other.answered,
    unanswered: one.unanswered + other.unanswered,
  };
}

/** What a host may lose more than the median one, chance apart, and still be thought to lose it on the way. */
const MORE_THAN_MEDIAN = 0.1;

/**
 * What hosts tell of their common path: the sum of their probes, without those that lose far more
 * than the median host. They limit how often they answer, and say nothing of the way.
 */
export function sumPath(counts: readonly ProbeCount[]): ProbeCount {
  const told = counts.filter(({ answered }) => answered > 0);
  const losses = told.map(shareLost).sort((a, b) => a - b);
  const median = losses[losses.length >> 1] ?? 0;
  return told.filter((count) => isTypical(count, median)).reduce(addCounts, NO_PROBES);
}

/** Within two standard deviations of what the median host would lose of as many probes, and a bit. */
function isTypical(count: ProbeCount, median: number): boolean {
  const probes = count.answered + count.unanswered;
  const deviation = Math.sqrt((median * (1 - median)) / probes);
  return shareLost(count) <= median + MORE_THAN_MEDIAN + 2 * deviation;
}

function shareLost({ answered, unanswered }: ProbeCount): number {
  return unanswered / (answered + unanswered);
}

/** The probability 0–1 that a live endpoint of this path leaves one probe unanswered: the mean. */
export function meanLoss(path: ProbeCount): number {
  const { answered, unanswered } = addCounts(path, BEFORE);
  return unanswered / (answered + unanswered);
}

/**
 * The probability q (0–1) that one probe of a live endpoint of this host stays unanswered, on the
 * safe side: the mean plus two standard deviations of a Beta distribution whose prior is the path's
 * mean with the weight of 40 probes. A host none of whose live endpoints could be heard is as lossy
 * as can be: its silence proves nothing. A host that answers worse than its path (a rate limit, an
 * overload) is thereby asked more often before its silence is believed.
 */
export function estimateLoss(host: ProbeCount, path: ProbeCount): number {
  if (host.answered === 0 && host.unanswered >= UNHEARD) return MOST;
  const mean = meanLoss(path);
  const alpha = PATH_WEIGHT * mean + host.unanswered;
  const beta = PATH_WEIGHT * (1 - mean) + host.answered;
  const weight = alpha + beta;
  const deviation = Math.sqrt((alpha * beta) / (weight * weight * (weight + 1)));
  return Math.min(MOST, Math.max(LEAST, alpha / weight + 2 * deviation));
}
