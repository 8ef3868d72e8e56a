import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatAddress } from './address-range.ts';
import { joinAddresses, listAddresses } from './address-runs.ts';

const near = fc.nat({ max: 600 });
const address = fc.oneof(
  near.map((at) => formatAddress(4, BigInt(0x0a00ff00 + at))),
  near.map((at) => formatAddress(4, 0xffffffffn - BigInt(at))),
  near.map((at) => formatAddress(6, (0x20010db8n << 96n) + BigInt(at))),
);

describe('joinAddresses', () => {
  it('makes one range of neighbours, whatever their order', () => {
    expect(joinAddresses(['10.0.1.0', '10.0.0.255', '10.0.1.2'])).toEqual([
      { family: 4, first: 0x0a0000ffn, last: 0x0a000100n },
      { family: 4, first: 0x0a000102n, last: 0x0a000102n },
    ]);
  });

  it('holds each address once, and no other', () => {
    fc.assert(
      fc.property(fc.array(address), (addresses) => {
        const ranges = joinAddresses(addresses);
        const listed = listAddresses(ranges);
        expect(new Set(listed)).toEqual(new Set(addresses));
        expect(listed).toHaveLength(new Set(addresses).size);
        for (const [at, { family, first }] of ranges.slice(1).entries())
          expect(family !== ranges[at]?.family || first > (ranges[at]?.last ?? 0n) + 1n).toBe(true);
      }),
    );
  });

  it('refuses what is no address', () => {
    expect(() => joinAddresses(['10.0.0.256'])).toThrow('"10.0.0.256" is not an address');
  });
});
