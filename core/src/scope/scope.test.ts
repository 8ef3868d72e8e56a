import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type AddressRange, formatAddress, parseAddress } from '../target/address-range.ts';
import { parseTargets } from '../target/parse-targets.ts';
import { mergeRanges, rangesOf } from '../target/target-ranges.ts';
import { dayAt, daysBetween } from './day.ts';
import { describeOutside, listRanges } from './describe-outside.ts';
import { decideScope, findOutside, type ScopeLayer, splitByScope } from './scope.ts';

const DAY = '2026-11-24';
const entry = (laidBy: ScopeLayer, text: string, validUntil: string | null = null) => ({
  laidBy,
  targets: parseTargets(text).targets,
  validUntil,
});
const rangesIn = (text: string) => mergeRanges(rangesOf(parseTargets(text).targets));
const outsideOf = (entries: Parameters<typeof decideScope>[0], text: string) => {
  const { ranges, expired } = findOutside(decideScope(entries, DAY), rangesIn(text));
  return [listRanges(ranges), listRanges(expired)];
};

describe('findOutside', () => {
  it.each([
    ['no entry allows everything', [], '10.0.0.0/8', '', ''],
    ['inside', [entry('site', '10.0.0.0/8')], '10.1.0.0/16', '', ''],
    ['partly', [entry('site', '10.0.0.0/24')], '10.0.0.128-10.0.1.3', '10.0.1.0/30', ''],
    ['neighbours join', [entry('site', '10.0.0.0/25 10.0.0.128/25')], '10.0.0.0/24', '', ''],
    ['another family', [entry('site', '10.0.0.0/8')], '2001:db8::1', '2001:db8::1', ''],
    ['its last day', [entry('site', '10.0.0.1', DAY)], '10.0.0.1', '', ''],
    ['expired', [entry('site', '10.0.0.0/30', '2026-11-23')], '10.0.0.1', '10.0.0.1', '10.0.0.1'],
    [
      'expired, but authorised anew',
      [entry('site', '10.0.0.1', '2026-11-23'), entry('site', '10.0.0.0/24', '2027-01-01')],
      '10.0.0.1',
      '',
      '',
    ],
    [
      'the platform is not widened',
      [entry('platform', '10.0.0.0/24'), entry('site', '10.0.0.0/16')],
      '10.0.0.1 10.0.1.1',
      '10.0.1.1',
      '',
    ],
    [
      'both layers narrow',
      [entry('platform', '10.0.0.0/24'), entry('site', '10.0.0.128/25 10.9.0.0/16')],
      '10.0.0.127-10.0.0.128 10.9.0.1',
      '10.0.0.127, 10.9.0.1',
      '',
    ],
  ] as const)('%s', (_case, entries, asked, outside, expired) => {
    expect(outsideOf(entries, asked)).toEqual([outside, expired]);
  });

  it('agrees with looking at every address by itself', () => {
    const range = fc.tuple(fc.constantFrom(4 as const, 6 as const), fc.nat(40), fc.nat(12)).map(
      ([family, first, more]): AddressRange => ({
        family,
        first: BigInt(first),
        last: BigInt(first + more),
      }),
    );
    const targets = fc.array(range, { maxLength: 5 }).map((ranges) =>
      ranges.map(({ family, first, last }) => ({
        kind: 'range' as const,
        text: '',
        first: formatAddress(family, first),
        last: formatAddress(family, last),
      })),
    );
    const entries = fc.array(
      fc.record({
        laidBy: fc.constantFrom<ScopeLayer>('platform', 'site'),
        targets,
        validUntil: fc.constantFrom(null, '2026-11-23', DAY),
      }),
      { maxLength: 6 },
    );
    fc.assert(
      fc.property(entries, targets, (laid, asked) => {
        const scope = decideScope(laid, DAY);
        const ranges = mergeRanges(rangesOf(asked));
        const all = listAll(ranges);
        const outside = new Set(listAll(findOutside(scope, ranges).ranges));
        const split = splitByScope(scope, all);
        const allowed = all.filter((text) => isAllowed(laid, text));
        expect(split.inside).toEqual(allowed);
        expect(split.outside.length).toBe(outside.size);
        expect(all.filter((text) => !outside.has(text))).toEqual(allowed);
      }),
    );
  });
});

function listAll(ranges: readonly AddressRange[]): string[] {
  return ranges.flatMap(({ family, first, last }) =>
    Array.from({ length: Number(last - first) + 1 }, (_, at) =>
      formatAddress(family, first + BigInt(at)),
    ),
  );
}

/** The rule as it is told to people, by no index and no interval. */
function isAllowed(entries: Parameters<typeof decideScope>[0], text: string): boolean {
  const address = parseAddress(text);
  return (['platform', 'site'] as const).every((layer) => {
    const laid = entries.filter(({ laidBy }) => laidBy === layer);
    const valid = laid.filter(({ validUntil }) => validUntil === null || validUntil >= DAY);
    const held = rangesOf(valid.flatMap(({ targets }) => targets)).some(
      ({ family, first, last }) =>
        family === address?.family && first <= address.value && address.value <= last,
    );
    return laid.length === 0 || held;
  });
}

describe('splitByScope', () => {
  it('lets an authorised host name lead wherever it does, within each layer', () => {
    const scope = decideScope(
      [entry('site', 'web.example 10.0.0.0/24'), entry('platform', '10.0.0.0/8')],
      DAY,
    );
    const names = {
      '10.9.0.1': 'web.example',
      '192.0.2.1': 'web.example',
      '10.9.0.2': 'db.example',
    };
    const split = splitByScope(scope, ['10.0.0.9', '10.9.0.1', '10.9.0.2', '192.0.2.1'], names);
    expect(split).toEqual({ inside: ['10.0.0.9', '10.9.0.1'], outside: ['10.9.0.2', '192.0.2.1'] });
  });
});

describe('a refusal', () => {
  it('names the ranges, but not without end, and what has expired', () => {
    const many = Array.from({ length: 12 }, (_, at) => `192.0.2.${at * 2}`).join(' ');
    const scope = decideScope(
      [entry('site', '192.0.2.0/31', '2026-11-01'), entry('site', '10.0.0.1')],
      DAY,
    );
    const words = describeOutside(findOutside(scope, rangesIn(many)));
    expect(words).toContain('would ask 12 addresses outside');
    expect(words).toContain('192.0.2.18 and 2 more ranges.');
    expect(words).toContain('The authorisation of 192.0.2.0 has expired.');
  });

  it('is none when all is inside', () => {
    expect(describeOutside(findOutside([], rangesIn('10.0.0.0/8')))).toBeNull();
  });
});

it('knows the day by the calendar of a zone', () => {
  const instant = Date.parse('2026-11-24T23:30:00Z');
  expect(dayAt(instant, 'UTC')).toBe('2026-11-24');
  expect(dayAt(instant, 'Pacific/Kiritimati')).toBe('2026-11-25');
  expect(dayAt(instant, 'America/New_York')).toBe('2026-11-24');
  expect(daysBetween('2026-10-24', '2026-11-01')).toBe(8);
  expect(daysBetween('2026-11-24', '2026-11-23')).toBe(-1);
});

it('judges a million addresses by 3,000 ranges in one walk', () => {
  const ranges = Array.from({ length: 3_000 }, (_, at) => `10.${at >> 8}.${at & 255}.0/25`);
  const scope = decideScope([entry('site', ranges.join('\n'))], DAY);
  expect(findOutside(scope, rangesIn('10.0.0.0/12')).ranges).toHaveLength(3_000);
  const apart = Array.from({ length: 500_000 }, (_, at): AddressRange => {
    const value = BigInt(0x0a00_0000 + at * 2);
    return { family: 4, first: value, last: value };
  });
  // Half of the first 3,000 networks of 128 addresses each is authorised.
  expect(findOutside(scope, apart).ranges).toHaveLength(500_000 - 3_000 * 64);
});
