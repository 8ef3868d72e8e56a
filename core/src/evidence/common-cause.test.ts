import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { buildFinding, buildHostDoubt } from './build-doubt.ts';
import { decidePath, groupBySubnet, isMassLoss, listSilenced } from './common-cause.ts';

test.each([
  [0, 50, false],
  [3, 3, false],
  [4, 4, true],
  [4, 50, false],
  [10, 50, true],
  [254, 254, true],
])('%i of %i hosts falling silent together: mass loss is %s', (vanished, up, expected) => {
  expect(isMassLoss(vanished, up)).toBe(expected);
});

test('the scanner sees when a sentinel answers, is blind when none of those asked does, and else unproven', () => {
  const silent = buildFinding({ doubt: buildHostDoubt() });
  const answered = buildFinding({ doubt: buildHostDoubt(), outcome: 'refuted' });
  const unasked = buildFinding({ doubt: buildHostDoubt(), outcome: 'unasked', probes: [] });
  expect(decidePath(true, [silent, answered])).toBe('clear');
  expect(decidePath(false, [silent, unasked])).toBe('blind');
  expect(decidePath(true, [unasked])).toBe('unproven');
  expect(decidePath(false, [unasked])).toBe('clear');
  expect(decidePath(false, [])).toBe('clear');
});

test('what stayed silent is hosts of which anything did, answers of any kind apart', () => {
  const other = buildHostDoubt({ address: '10.0.0.9' });
  const answer = { state: 'closed', reason: 'conn-refused' } as const;
  const findings = [
    buildFinding(),
    buildFinding({ doubt: buildHostDoubt() }),
    buildFinding({ doubt: other, outcome: 'undecided' }),
    buildFinding({ doubt: buildHostDoubt({ address: '10.0.0.8' }), outcome: 'unasked' }),
    buildFinding({ doubt: buildHostDoubt({ address: '10.0.0.7' }), answer }),
  ];
  expect(listSilenced(findings)).toEqual(['10.0.0.5', '10.0.0.9', '10.0.0.8']);
});

const addresses = (...ranges: [string, number, number][]) =>
  ranges.flatMap(([prefix, from, to]) =>
    Array.from({ length: to - from + 1 }, (_, at) => `${prefix}${from + at}`),
  );

describe('groupBySubnet', () => {
  test.each([
    [
      'a whole subnet',
      addresses(['10.0.1.', 1, 14]),
      addresses(['10.0.0.', 1, 14]),
      ['10.0.1.0/28'],
    ],
    ['too few', addresses(['10.0.1.', 1, 3]), [], []],
    ['one subnet among live ones', addresses(['10.0.1.', 1, 6]), ['10.0.1.9'], ['10.0.1.0/29']],
    [
      'scattered among live ones',
      ['10.0.0.1', '10.0.0.3', '10.0.0.5', '10.0.0.7'],
      addresses(['10.0.0.', 2, 2], ['10.0.0.', 4, 4], ['10.0.0.', 6, 6]),
      [],
    ],
    [
      'two subnets around a live one',
      addresses(['10.0.0.', 0, 7], ['10.0.0.', 16, 23]),
      ['10.0.0.9'],
      ['10.0.0.0/29', '10.0.0.16/29'],
    ],
    ['IPv6', addresses(['2001:db8::', 1, 6]), ['2001:db8:1::1'], ['2001:db8::/125']],
  ])('%s', (_what, changed, others, subnets) => {
    expect(groupBySubnet(changed, others).map(({ subnet }) => subnet)).toEqual(subnets);
  });

  it('names every host at most once, and none that did not change', () => {
    const anyHosts = fc.uniqueArray(fc.integer({ min: 0, max: 255 }), { maxLength: 64 });
    fc.assert(
      fc.property(anyHosts, anyHosts, (one, other) => {
        const changed = one.map((last) => `10.0.0.${last}`);
        const others = other.filter((last) => !one.includes(last)).map((last) => `10.0.0.${last}`);
        const grouped = groupBySubnet(changed, others).flatMap((outage) => outage.addresses);
        expect(new Set(grouped).size).toBe(grouped.length);
        for (const address of grouped) expect(changed).toContain(address);
      }),
    );
  });
});
