import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareTargets } from './compare-targets.ts';
import { countAddresses } from './count-addresses.ts';
import { cutShards } from './cut-shards.ts';
import { expandTargets } from './expand-targets.ts';
import { parseTargets } from './parse-targets.ts';
import { subtractNames, subtractRanges } from './target-ranges.ts';

const small = fc.nat({ max: 600 });
const formatIpv4 = (at: number) => `10.0.${at >> 8}.${at & 255}`;
const formatIpv6 = (at: number) => `2001:db8::${at.toString(16)}`;
const ipv4 = small.map(formatIpv4);
const ipv6 = small.map(formatIpv6);
const between = (format: (at: number) => string) =>
  fc.tuple(small, fc.nat({ max: 300 })).map(([at, more]) => `${format(at)}-${format(at + more)}`);
const line = fc.oneof(
  ipv4,
  ipv6,
  between(formatIpv4),
  between(formatIpv6),
  fc.tuple(ipv4, fc.integer({ min: 24, max: 32 })).map(([address, bits]) => `${address}/${bits}`),
  fc.tuple(ipv6, fc.integer({ min: 120, max: 128 })).map(([address, bits]) => `${address}/${bits}`),
  fc.constantFrom('a.example', 'b.example', 'c'),
);
const lines = fc.array(line, { maxLength: 12 });
const read = (from: readonly string[]) => parseTargets(from.join('\n')).targets;
const expand = (targets: readonly string[], exclusions: readonly string[] = []) => [
  ...expandTargets(read(targets), read(exclusions)),
];

describe('laws of targets', () => {
  it('reads its own text to the same targets', () => {
    fc.assert(
      fc.property(lines, (some) => {
        const targets = read(some);
        expect(parseTargets(targets.map(({ text }) => text).join('\n'))).toEqual({
          targets,
          problems: [],
        });
      }),
    );
  });

  it('does not mind the order of lines', () => {
    const shuffled = lines.chain((some) =>
      fc.tuple(
        fc.constant(some),
        fc.shuffledSubarray(some, { minLength: some.length, maxLength: some.length }),
      ),
    );
    fc.assert(
      fc.property(shuffled, ([some, same]) => {
        expect(read(same)).toEqual(read(some));
      }),
    );
  });

  it('counts what it expands, each address once, and never an excluded one', () => {
    fc.assert(
      fc.property(lines, lines, (some, others) => {
        const left = expand(some, others);
        const excluded = new Set(expand(others));
        expect(BigInt(left.length)).toBe(countAddresses(read(some), read(others)));
        expect(new Set(left).size).toBe(left.length);
        expect(left).toEqual(expand(some).filter((address) => !excluded.has(address)));
      }),
    );
  });

  it('cuts ranges for SQL that hold the same addresses', () => {
    fc.assert(
      fc.property(lines, lines, (some, others) => {
        const ranges = subtractRanges(read(some), read(others));
        expect(expand(ranges.map(({ first, last }) => `${first}-${last}`))).toEqual(
          expand(some, others),
        );
      }),
    );
  });

  it('cuts shards that lose nothing, of one family and at most 256 each', () => {
    fc.assert(
      fc.property(lines, (some) => {
        const shards = cutShards(expand(some));
        expect(shards.flat()).toEqual(expand(some));
        for (const shard of shards) {
          expect(shard.length).toBeLessThanOrEqual(256);
          expect(new Set(shard.map((address) => address.includes(':'))).size).toBe(1);
        }
      }),
    );
  });
});

describe('targets', () => {
  it('expands a million addresses in a moment, and reads a /0 lazily', () => {
    const begin = Date.now();
    let count = 0;
    for (const _ of expandTargets(read(['10.0.0.0/12']), [])) count += 1;
    expect(count).toBe(1_048_576);
    expect(Date.now() - begin).toBeLessThan(5_000);
    expect(expandTargets(read(['::/0']), read(['::'])).next().value).toBe('::1');
  });

  it('takes exclusions out of the middle of a range', () => {
    const ranges = subtractRanges(
      read(['10.0.0.0/24', '2001:db8::/64']),
      read(['10.0.0.4-6', '::1']),
    );
    expect(ranges).toEqual([
      { first: '10.0.0.0', last: '10.0.0.3' },
      { first: '10.0.0.7', last: '10.0.0.255' },
      { first: '2001:db8::', last: '2001:db8::ffff:ffff:ffff:ffff' },
    ]);
  });

  it('takes out names by name', () => {
    expect(subtractNames(read(['a.example', 'b.example']), read(['A.example']))).toEqual([
      'b.example',
    ]);
  });

  it('tells which targets came and went', () => {
    const { added, removed } = compareTargets(read(['10.0.0.1', 'a.b']), read(['a.b', '10.0.0.2']));
    expect(added.map(({ text }) => text)).toEqual(['10.0.0.2']);
    expect(removed.map(({ text }) => text)).toEqual(['10.0.0.1']);
  });
});
