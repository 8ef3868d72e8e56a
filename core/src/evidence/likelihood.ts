/** How likely an endpoint that answered in the last scan is to be gone in this one, before it is asked. */
export const PRIOR = 1e-4;
/** From this likelihood on a change counts as real. */
export const ACCEPT = 0.99;
/**
 * The probability 0–1 that an endpoint is gone after `silent` unanswered probes (Bayes): `prior` is
 * the probability before them, `loss` that a live endpoint leaves one probe unanswered.
 */
export function likelihoodOfSilence({
  prior,
  loss,
  silent,
}: {
  readonly prior: number;
  readonly loss: number;
  readonly silent: number;
}): number {
  return prior / (prior + (1 - prior) * loss ** silent);
}

/** How many silent probes in a row it takes until the likelihood is accepted: the bound of Wald's test. */
export function countNeeded({ prior, loss }: { prior: number; loss: number }): number {
  const odds = (prior / (1 - prior)) * ((1 - ACCEPT) / ACCEPT);
  return Math.max(0, Math.ceil(Math.log(odds) / Math.log(loss)));
}
