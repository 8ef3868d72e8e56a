import { countAddresses } from './count-addresses.ts';
import { parseTargets } from './parse-targets.ts';
import type { Target, TargetProblem, TargetSet } from './target.ts';
import { subtractNames } from './target-ranges.ts';

export interface TargetTexts {
  readonly targets: string;
  readonly exclusions: string;
  /** Most addresses and names together that a site's groups may hold. */
  readonly limit: number;
}

export interface FieldProblem extends TargetProblem {
  readonly field: 'targets' | 'exclusions';
}

export interface CheckedTargets {
  /** What could be read; use it only when there are no problems. */
  readonly set: TargetSet;
  /** Addresses after exclusions, at most Number.MAX_SAFE_INTEGER. */
  readonly addressCount: number;
  /** Host names after exclusions. */
  readonly nameCount: number;
  /** The targets in canonical text, before exclusions. */
  readonly normalised: string[];
  readonly problems: FieldProblem[];
}

/** Reads the targets and exclusions of a group and lists all that is wrong with them. */
export function checkTargets({ targets, exclusions, limit }: TargetTexts): CheckedTargets {
  const wanted = parseTargets(targets);
  const excluded = parseTargets(exclusions);
  const set = { targets: wanted.targets, exclusions: excluded.targets };
  const addresses = countAddresses(set.targets, set.exclusions);
  const nameCount = subtractNames(set.targets, set.exclusions).length;
  const count = addresses + BigInt(nameCount);
  return {
    set,
    addressCount: Number(minOf(addresses, BigInt(Number.MAX_SAFE_INTEGER))),
    nameCount,
    normalised: set.targets.map(({ text }) => text),
    problems: [
      ...wanted.problems.map((problem) => ({ field: 'targets' as const, ...problem })),
      ...excluded.problems.map((problem) => ({ field: 'exclusions' as const, ...problem })),
      ...tooMany(count, limit),
      ...(wanted.problems.length === 0 ? tooFew(count, set.targets) : []),
    ],
  };
}

function tooMany(count: bigint, limit: number): FieldProblem[] {
  if (count <= BigInt(limit)) return [];
  const counts = `${count.toLocaleString('en')} hosts, and this site's groups hold at most ${limit.toLocaleString('en')} together`;
  return [
    wholeProblem(
      'targets',
      `these targets make ${counts}: take some out, or ask an administrator of the platform for more`,
    ),
  ];
}

function tooFew(count: bigint, targets: readonly Target[]): FieldProblem[] {
  if (targets.length === 0) {
    return [wholeProblem('targets', 'write at least one address, CIDR, range or host name')];
  }
  if (count > 0n) return [];
  const message = 'the exclusions take out every target: leave at least one host to scan';
  return [wholeProblem('exclusions', message)];
}

function wholeProblem(field: FieldProblem['field'], message: string): FieldProblem {
  return { field, line: 1, text: '', message };
}

function minOf(one: bigint, other: bigint): bigint {
  return one < other ? one : other;
}
