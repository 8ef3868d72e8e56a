import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseAddress } from './address-range.ts';
import { readAddressSearch } from './read-address-search.ts';

describe('what is looked for', () => {
  it.each([
    ['10.0.3.7', '10.0.3.7-10.0.3.7 10.0.3.70-10.0.3.79'],
    ['10.0.3.77', '10.0.3.77-10.0.3.77'],
    ['10.0.3.', '10.0.3.0-10.0.3.255'],
    ['10.0.', '10.0.0.0-10.0.255.255'],
    ['10.0.3', '10.0.3.0-10.0.3.255 10.0.30.0-10.0.39.255'],
    ['10.0.2', '10.0.2.0-10.0.2.255 10.0.20.0-10.0.29.255 10.0.200.0-10.0.255.255'],
    ['10.0.0.0/23', '10.0.0.0-10.0.1.255'],
    ['10.0.0.1-50', '10.0.0.1-10.0.0.50'],
    ['2001:db8::/64', '2001:db8::-2001:db8::ffff:ffff:ffff:ffff'],
    ['10.0.300', ''],
  ])('%s is addresses', (text, ranges) => {
    const read = readAddressSearch(text)?.map(({ first, last }) => `${first}-${last}`);
    expect(read?.join(' ')).toBe(ranges);
  });

  it.each(['10.0', '7.1', 'srv-db', '.3.17', '10.0.3.77.5', '256.1.', '01.2.3', 'aa:bb', '', '/'])(
    '%s is a text',
    (text) => expect(readAddressSearch(text)).toBeNull(),
  );

  it('the beginning of an address finds exactly the addresses that begin so', () => {
    const octets = fc.array(fc.integer({ min: 0, max: 255 }), { minLength: 4, maxLength: 4 });
    fc.assert(
      fc.property(octets, octets, fc.nat(15), (some, other, length) => {
        const beginning = some.join('.').slice(0, length);
        const ranges = readAddressSearch(beginning);
        if (ranges === null) return;
        // Near enough to be found in half of the cases.
        const address = [...some.slice(0, 2), ...other.slice(2)].join('.');
        const value = (text: string) => parseAddress(text)?.value ?? -1n;
        const found = ranges.some(
          ({ first, last }) => value(first) <= value(address) && value(address) <= value(last),
        );
        expect(found).toBe(address.startsWith(beginning));
      }),
      { numRuns: 2_000 },
    );
  });
});
