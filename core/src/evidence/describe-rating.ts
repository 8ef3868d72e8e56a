import { plural } from './plural.ts';
import {
  type DangerPort,
  type DeltaHistory,
  LEAST_HISTORY_WINDOW,
  type Rated,
  type Rating,
} from './rating.ts';

/** What each rating means, in a few words. */
export const RATING_MEANINGS: Readonly<Record<Rating, string>> = {
  red: 'likely real, look now',
  amber: 'maybe',
  green: 'likely noise',
};

/**
 * Says a rating and why, without a full stop:
 * `red: never seen in the last 35 scans; confirmed; danger port 23`.
 */
export function describeRating(rated: Rated): string {
  const reasons = [
    describeHistory(rated.history),
    describeEvidenceStep(rated),
    rated.danger && describeDanger(rated, rated.danger),
  ];
  return `${rated.rating}: ${reasons.filter(Boolean).join('; ')}`;
}

/** Says when the same delta was last seen, in the fewest words: `6 scans ago`, `never`. */
export function describeLastSeen({ window, last }: DeltaHistory): string {
  if (window < LEAST_HISTORY_WINDOW) return 'history off';
  return last === null || last > window ? 'never' : plural(last, 'scan ago', 'scans ago');
}

function describeHistory(history: Rated['history']): string {
  const { window, scans, last, times, targets, fall } = history;
  if (window < LEAST_HISTORY_WINDOW) return 'the history is off';
  const looked = scans === 1 ? 'the one scan before' : `the last ${scans} scans`;
  if (last === null || last > window)
    return scans === 0 ? 'no scan before' : `never seen in ${looked}`;
  const seen = `last seen ${plural(last, 'scan', 'scans')} ago`;
  if (fall === 'repeated') return `${seen}, and ${times} times in ${looked}`;
  if (fall === 'widespread') return `${seen}, and on ${targets} targets in this scan`;
  return times > 1 ? `${seen}, ${times} times in ${looked}` : `${seen}, once in ${looked}`;
}

function describeEvidenceStep({ evidence, history }: Rated): string {
  const lowers = evidence === 'unverified' && history.rating !== 'green';
  return lowers ? 'unverified, so one step down' : evidence;
}

function describeDanger(rated: Rated, { port, why }: DangerPort): string {
  const name =
    why === 'listed' ? `danger port ${port}` : `port ${port}, where something unknown speaks`;
  const low = rated.history.rating !== 'red' || rated.evidence === 'unverified';
  return low ? `${name}, so one step up` : name;
}
