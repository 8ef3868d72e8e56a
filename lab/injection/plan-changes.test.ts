import { expect, test } from 'vitest';
import { createRandom } from '../../server/src/playground/random.ts';
import { expectOf } from '../score/expected.ts';
import { buildHosts, listAddresses, listLeafAddresses, USUAL_MIX } from '../truth/build-hosts.ts';
import { describeChange, type LabChange } from '../truth/change.ts';
import { listUp, type Truth } from '../truth/truth.ts';
import { type Doses, type InjectionState, planChanges, USUAL_DOSES } from './plan-changes.ts';

const SUBNETS = [1, 2];
const LEAVES = 4;
const addresses = [...listAddresses(SUBNETS), ...listLeafAddresses(LEAVES)];

/** The changes of each scan, and the truths before the first and after each. */
function play(scans: number, doses: Doses, seed = 1) {
  const random = createRandom(seed);
  const truth = buildHosts({ subnets: SUBNETS, mix: USUAL_MIX, leaves: LEAVES, seed });
  let state: InjectionState = { truth, recent: [] };
  const rounds: LabChange[][] = [];
  const truths: Truth[] = [truth];
  for (let n = 0; n < scans; n += 1) {
    const { changes, after } = planChanges(state, { addresses, doses, random });
    rounds.push([...changes]);
    truths.push(after.truth);
    state = after;
  }
  return { rounds, truths };
}

const ALL: Doses = { ...USUAL_DOSES, version: 1, moved: 1 };

test('the network at the beginning has more than fifty hosts of all kinds, in two subnets', () => {
  const [truth = new Map()] = play(0, {}).truths;
  expect(listUp(truth).filter(({ leaf }) => !leaf).length).toBeGreaterThanOrEqual(50);
  expect(listAddresses(SUBNETS)).toHaveLength(64);
});

test('each scan gets its dose of every kind, for as long as it lasts', () => {
  const { rounds } = play(100, ALL);
  // These need hosts that speak, and addresses that are free: sometimes all of them rest.
  for (const kind of ['version', 'moved'])
    expect(rounds.flat().filter((change) => change.kind === kind).length).toBeGreaterThan(50);
  for (const changes of rounds) {
    const kinds = Object.groupBy(changes, ({ kind }) => kind);
    expect(kinds.opened).toHaveLength(3);
    expect(kinds.closed?.map((change) => change.kind === 'closed' && change.into)).toEqual([
      'refusal',
      'refusal',
      'silence',
    ]);
    expect(kinds.gone).toHaveLength(1);
    expect([...(kinds.back ?? []), ...(kinds.new ?? [])]).toHaveLength(1);
  }
});

test('leaves move without end within their own segment', () => {
  const { rounds } = play(100, { moved: 1 });
  expect(rounds.flat()).toHaveLength(100);
  for (const change of rounds.flat())
    expect(change).toMatchObject({ kind: 'moved', to: expect.stringMatching(/^10\.79\.0\./) });
});

test('a seed always gives the same changes, another seed others', () => {
  const sentences = (seed: number) => play(10, ALL, seed).rounds.flat().map(describeChange);
  expect(sentences(1)).toEqual(sentences(1));
  expect(sentences(2)).not.toEqual(sentences(1));
});

test('what has changed rests for two scans, so that no two changes can be taken for each other', () => {
  const { rounds, truths } = play(60, ALL);
  const touched = rounds.map((changes, n) =>
    changes.flatMap((change) =>
      expectOf(truths[n] ?? new Map(), change).map(({ address }) => address),
    ),
  );
  touched.forEach((now, n) => {
    expect(new Set(now).size).toBe(now.length);
    const before = new Set(touched.slice(Math.max(0, n - 2), n).flat());
    expect(now.filter((address) => before.has(address))).toEqual([]);
  });
});
