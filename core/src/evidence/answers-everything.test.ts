import { expect, it } from 'vitest';
import { buildOpen, buildSeen } from '../host/build-observation.ts';
import { hasPort, listPorts } from '../snapshot/port-set.ts';
import { decideAnswersEverything, listDecoys } from './answers-everything.ts';

const opening = (count: number, covered?: number[]) =>
  buildSeen(
    Array.from({ length: count }, (_, at) => buildOpen(at + 1)),
    { covered: covered ?? Array.from({ length: 100 }, (_, at) => at + 1) },
  );

it('is suspected of a host where very much opens at once', () => {
  expect(listDecoys(undefined, opening(23), 1)).toEqual([]);
  expect(listDecoys(undefined, opening(24), 1)).toHaveLength(6);
});

it('is found out by ports that the sweep did not ask, other ones each time', () => {
  const covered = [...listPorts([[1, 60_000]])];
  const seen = opening(50, covered);
  const decoys = listDecoys(undefined, seen, 7);
  expect(decoys.filter((port) => port < 49_152 || hasPort(seen.covered.tcp, port))).toEqual([]);
  expect(listDecoys(undefined, seen, 8)).not.toEqual(decoys);
});

it('is decided by most of them', () => {
  expect([0, 3, 4, 6].map(decideAnswersEverything)).toEqual([false, false, true, true]);
});
