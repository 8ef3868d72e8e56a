import type { ReplayedDelta, ReplayedScan } from '@netdelta/core/api/replay.ts';
import { formatCount } from './count.ts';

type Rule = 'evidence' | number;

/** The rules of silence that there are, to choose from. */
export const RULE_CHOICES = [
  { value: 'evidence', label: 'By evidence' },
  ...Array.from({ length: 10 }, (_, index) => ({
    value: String(index + 1),
    label: `After ${formatCount(index + 1, 'silent scan')}`,
  })),
];

/** The rule that a chosen value stands for. */
export function readRule(value: string): Rule {
  return value === 'evidence' ? value : Number(value);
}

/** What of a scan the policy would have changed. */
export function listDifferences({ deltas }: ReplayedScan): readonly ReplayedDelta[] {
  return deltas.filter(
    ({ told, ratingThen, ratingNow }) => told !== 'both' || ratingThen !== ratingNow,
  );
}

/** Says in a few words what the policy would have made of a delta: `not told`, `told 2 scans later`. */
export function describeOutcome({ told, shift }: ReplayedDelta): string {
  if (told === 'both') return 'rated otherwise';
  if (shift === null) return told === 'now' ? 'told besides' : 'not told';
  const distance = formatCount(Math.abs(shift), 'scan');
  const [then, now] = shift > 0 ? ['later', 'earlier'] : ['earlier', 'later'];
  return told === 'then' ? `told ${distance} ${then}` : `was told ${distance} ${now}`;
}

/** The sign of a difference: + would be told, − would not, ~ would be rated otherwise. */
export function signOf({ told }: ReplayedDelta): '+' | '−' | '~' {
  if (told === 'both') return '~';
  return told === 'now' ? '+' : '−';
}
