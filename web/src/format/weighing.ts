import type { DeltaView } from '@netdelta/core/api/scans.ts';
import { describeProbability } from '@netdelta/core/evidence/describe-probability.ts';
import { formatCount } from './count.ts';

type Evidence = DeltaView['evidence'];

/** How the likelihood of a delta came about: in words, and as the sum with its numbers where there was one. */
export interface Weighing {
  readonly words: string;
  readonly sum?: string;
}

/** Says how prior, loss and silent probes became a likelihood; an answer needs no weighing. */
export function explainWeighing({ reason, confirmation, likelihood }: Evidence): Weighing {
  if (!confirmation || confirmation.probes.some(({ state }) => state !== 'silent'))
    return { words: 'An answer says what is: nothing has to be weighed.' };
  const { prior, loss, probes } = confirmation;
  const gone = describeProbability(likelihood ?? 0);
  if (reason !== 'no-response')
    return {
      words: `It refused once and then fell silent: a refusal that nothing repeats counts as ${gone}.`,
    };
  const lost = describeProbability(loss ** probes.length);
  return {
    words: `Before it was asked again, the probability that it was gone was ${describeProbability(prior)}. Were it still there, ${formatCount(probes.length, 'probe')} would all have been lost with a probability of ${lost}. Weighed against each other (Bayes), it is gone with a probability of ${gone}.`,
    sum: `${round(prior)} / (${round(prior)} + ${round(1 - prior)} × ${round(loss)}^${probes.length}) = ${round(likelihood ?? 0)}`,
  };
}

const DIGITS = 6;

function round(value: number): string {
  return String(Number(value.toFixed(DIGITS)));
}
