import type { Expected } from './expected.ts';
import { keyOf, type Reported } from './reported.ts';

/** One scan that was compared with the one before it. */
export interface Round {
  /** What really changed since. */
  readonly expected: readonly Expected[];
  readonly reported: readonly Reported[];
  /** Hosts that are up. */
  readonly hosts: number;
}

export interface Score {
  readonly comparisons: number;
  readonly hostScans: number;
  /** True changes, and when they were told: in the same scan, by the next, later, never. */
  readonly changes: number;
  readonly same: number;
  readonly next: number;
  readonly later: number;
  readonly missed: number;
  /** Told, but not so; or told twice. */
  readonly falses: number;
  readonly falsePer1000: number;
  /** Everything told, and what of it was false or missed, by scan: for whoever looks into it. */
  readonly told: number;
  readonly falseKeys: readonly string[];
  readonly missedKeys: readonly string[];
}

interface Open {
  readonly expected: Expected;
  readonly round: number;
}

/**
 * Compares what was told with what was so. A change may be told in any scan from its own on. What a
 * scanner says of the services of a host that came or went is implied by that, and not counted.
 */
export function scoreRounds(rounds: readonly Round[]): Score {
  let open: Open[] = [];
  const delays: number[] = [];
  const falseKeys: string[] = [];
  const since = new Map<string, number>();
  rounds.forEach((round, n) => {
    open.push(...round.expected.map((expected) => ({ expected, round: n })));
    for (const expected of round.expected) since.set(keyOf(expected), n);
    for (const reported of round.reported) {
      const key = keyOf(reported);
      const found = open.find(({ expected }) => keyOf(expected) === key);
      open = open.filter((one) => one !== found);
      if (found && !found.expected.optional) delays.push(n - found.round);
      if (!found && !isImplied(reported, n, since)) falseKeys.push(`${n + 1}: ${key}`);
    }
  });
  const missed = open.filter(({ expected }) => !expected.optional);
  const hostScans = sum(rounds.map(({ hosts }) => hosts));
  return {
    comparisons: rounds.length,
    hostScans,
    changes: delays.length + missed.length,
    ...countDelays(delays),
    missed: missed.length,
    falses: falseKeys.length,
    falsePer1000: hostScans === 0 ? 0 : (1000 * falseKeys.length) / hostScans,
    told: sum(rounds.map(({ reported }) => reported.length)),
    falseKeys,
    missedKeys: missed.map(({ expected, round }) => `${round + 1}: ${keyOf(expected)}`),
  };
}

/** By what happened to the whole host just before this scan, or the one before it. */
function isImplied(
  { kind, address, port }: Reported,
  round: number,
  since: ReadonlyMap<string, number>,
): boolean {
  const happened = since.get(keyOf({ kind, address })) ?? Number.NEGATIVE_INFINITY;
  return port !== undefined && round - happened <= 1;
}

function countDelays(delays: readonly number[]): Pick<Score, 'same' | 'next' | 'later'> {
  return {
    same: delays.filter((delay) => delay === 0).length,
    next: delays.filter((delay) => delay === 1).length,
    later: delays.filter((delay) => delay > 1).length,
  };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
