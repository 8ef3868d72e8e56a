import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PortState, ServiceFacts } from '../snapshot/snapshot.ts';
import { buildDoubt, buildHostDoubt, buildProbes } from './build-doubt.ts';
import type { DoubtKind } from './doubt.ts';
import {
  contactFor,
  decideFinding,
  decideReplaced,
  gapBefore,
  LEAST_PROBES,
  MOST_PROBES,
} from './finding.ts';
import { countNeeded, likelihoodOfSilence, PRIOR } from './likelihood.ts';

const silence = (count: number) => Array.from({ length: count }, () => 'silent' as const);
const judge = (kind: DoubtKind, states: readonly PortState[], loss = 0.1, over = false) => {
  const doubt = kind === 'host' ? buildHostDoubt() : buildDoubt({ kind });
  return decideFinding(doubt, buildProbes(...states), { loss, over });
};

describe('a doubt', () => {
  it.each<[string, DoubtKind, PortState[], string | null]>([
    ['silence that is answered', 'silent', ['silent', 'open'], 'refuted'],
    ['silence that turns out to be a refusal', 'silent', ['closed'], 'confirmed'],
    ['silence that turns out to be filtered', 'silent', ['filtered'], 'confirmed'],
    ['too little silence', 'silent', silence(5), null],
    ['a refusal that is repeated', 'refused', ['closed'], 'confirmed'],
    ['a refusal that is not repeated', 'refused', ['open'], 'refuted'],
    ['a refusal that then is silent', 'refused', silence(6), 'undecided'],
    ['an ICMP refusal that is repeated', 'blocked', ['silent', 'filtered'], 'confirmed'],
    ['a host that answers', 'host', ['silent', 'silent', 'open'], 'refuted'],
    ['a host that refuses', 'host', ['closed'], 'refuted'],
    ["a router's word about a host", 'host', ['filtered'], null],
  ])('%s', (_what, kind, states, outcome) => {
    expect(judge(kind, states)?.outcome ?? null).toBe(outcome);
  });

  it.each([
    [0.03, 5],
    [0.0975, 6],
    [0.19, 9],
    [0.36, 14],
  ])('is confirmed, at a loss of %f, by %i silent probes and no fewer', (loss, needed) => {
    expect(judge('silent', silence(needed), loss)?.outcome).toBe('confirmed');
    expect(judge('silent', silence(needed - 1), loss)).toBeNull();
  });

  it('is left undecided when no more can be asked, with the likelihood that was reached', () => {
    const finding = judge('silent', silence(3), 0.2, true);
    expect(finding).toMatchObject({ outcome: 'undecided' });
    expect(finding?.likelihood).toBeCloseTo(
      likelihoodOfSilence({ prior: PRIOR, loss: 0.2, silent: 3 }),
    );
    expect(judge('silent', silence(MOST_PROBES), 0.75)?.outcome).toBe('undecided');
  });

  it('that nothing could ask is unasked, and as likely as before; a refusal was seen once', () => {
    expect(judge('silent', [], 0.1, true)).toMatchObject({ outcome: 'unasked', likelihood: PRIOR });
    expect(judge('refused', [], 0.1, true)).toMatchObject({ outcome: 'unasked', likelihood: 0.9 });
    const mute = decideFinding(buildHostDoubt({ ask: [] }), [], { loss: 0.1, over: false });
    expect(mute?.outcome).toBe('unasked');
  });

  it('of a refusal that could not be repeated weighs upon the next scan that shows it again', () => {
    const again = buildDoubt({ kind: 'refused', ask: [], prior: 0.9 });
    const finding = decideFinding(again, [], { loss: 0.1, over: true });
    expect(finding?.likelihood).toBeCloseTo(0.99);
  });

  it('of what listens is settled by hearing it once more', () => {
    const service = (version: string): ServiceFacts => ({
      ...{ method: 'probed', name: 'http', product: 'nginx', version },
    });
    const before = service('1.24.0');
    const outcome = (again: ServiceFacts | undefined) =>
      decideReplaced(buildDoubt({ kind: 'replaced' }), { before, again }).outcome;
    expect([outcome(before), outcome(service('1.26.0')), outcome(undefined)]).toEqual([
      'refuted',
      'confirmed',
      'undecided',
    ]);
  });
});

describe('the laws', () => {
  const anyLoss = fc.double({ min: 0.03, max: 0.75, noNaN: true });

  it('one answer, whenever it comes, refutes silence', () => {
    fc.assert(
      fc.property(anyLoss, fc.nat({ max: LEAST_PROBES - 1 }), (loss, before) => {
        const states = [...silence(before), 'open'] as const;
        expect(judge('silent', states, loss)?.outcome).toBe('refuted');
        expect(judge('host', states, loss)?.outcome).toBe('refuted');
      }),
    );
  });

  it('more silence never makes it less likely, and a lossier path never more', () => {
    fc.assert(
      fc.property(anyLoss, anyLoss, fc.nat({ max: 30 }), (one, other, silent) => {
        const at = (loss: number, count: number) =>
          likelihoodOfSilence({ prior: PRIOR, loss, silent: count });
        expect(at(one, silent + 1)).toBeGreaterThanOrEqual(at(one, silent));
        expect(at(Math.max(one, other), silent)).toBeLessThanOrEqual(
          at(Math.min(one, other), silent),
        );
      }),
    );
  });

  it('every doubt ends within the bound of the sequential test', () => {
    fc.assert(
      fc.property(anyLoss, (loss) => {
        const needed = Math.max(LEAST_PROBES, countNeeded({ prior: PRIOR, loss }));
        const count = Math.min(needed, MOST_PROBES);
        expect(judge('silent', silence(count), loss)).not.toBeNull();
      }),
    );
  });
});

it('probes are spaced further and further apart, and ask each way in turn', () => {
  expect([1, 2, 3, 4, 5, 6].map(gapBefore)).toEqual([250, 500, 1000, 1500, 1500, 1500]);
  const doubt = buildHostDoubt({ ask: ['tcp/22', 'icmp'] });
  expect([1, 2, 3].map((attempt) => contactFor(doubt, attempt))).toEqual([
    'tcp/22',
    'icmp',
    'tcp/22',
  ]);
});
