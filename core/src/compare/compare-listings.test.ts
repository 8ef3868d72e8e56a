import fc from 'fast-check';
import { expect, it } from 'vitest';
import { compareListings } from './compare-listings.ts';
import { type HostListing, keyOf } from './listing.ts';

const text = (...texts: string[]) => fc.constantFrom(...texts);
const scripts = fc
  .uniqueArray(fc.record({ id: text('a', 'b'), output: text('', 'x', 'y') }), {
    selector: ({ id }) => id,
  })
  .map((all) => all.sort((one, other) => one.id.localeCompare(other.id)));
const service = fc.record(
  { name: text('ssh', 'http'), version: text('1', '2') },
  { requiredKeys: [] },
);
const ports = fc
  .uniqueArray(
    fc.record({
      port: fc.constantFrom(22, 80, 443),
      protocol: fc.constant('tcp'),
      state: text('open', 'closed', 'filtered'),
      service,
      scripts,
    }),
    { selector: ({ port }) => port },
  )
  .map((all) => all.sort((one, other) => one.port - other.port));
const listing: fc.Arbitrary<HostListing> = fc.record({
  state: text('up', 'down'),
  addresses: fc.constant([{ type: 'ipv4' as const, address: '10.0.0.1' }]),
  names: fc.uniqueArray(text('a', 'b')),
  ports,
  rest: fc
    .dictionary(text('closed', 'filtered'), fc.nat(9))
    .map((rest) => new Map(Object.entries(rest))),
  os: fc.uniqueArray(text('Linux', 'BSD')),
  scripts,
});

it('a host and itself differ in nothing, complete or not', () => {
  fc.assert(
    fc.property(listing, fc.boolean(), (host, complete) => {
      expect(compareListings(host, { ...host }, complete).changes).toBe(0);
    }),
  );
});

it('there are as many changes one way as the other, and completeness adds none', () => {
  fc.assert(
    fc.property(listing, listing, (one, other) => {
      const { changes } = compareListings(one, other, false);
      expect(compareListings(one, other, true).changes).toBe(changes);
      const facts = (host: HostListing) => JSON.stringify({ ...host, rest: [...host.rest].sort() });
      const backwards = compareListings(other, one, false).changes;
      expect(backwards > 0).toBe(changes > 0);
      if (changes === 0) expect(sortNames(facts(one))).toEqual(sortNames(facts(other)));
    }),
  );
});

/** The order of names is no difference, and a port that both count among the rest is none either. */
function sortNames(facts: string) {
  const host = JSON.parse(facts);
  const counted = new Set(host.rest.map(([state]: [string]) => state));
  const shown = host.ports.filter(({ state }: { state: string }) => !counted.has(state));
  return { ...host, names: host.names.sort(), ports: shown };
}

it('keys sort hosts by their first address as a text, then by name', () => {
  const key = (address: string, name?: string) =>
    keyOf({ addresses: [{ type: 'ipv4', address }], names: name ? [name] : [] }) ?? '';
  const keys = [key('10.0.0.10'), key('10.0.0.1', 'b'), key('10.0.0.1'), key('9.0.0.1')];
  expect([...keys].sort()).toEqual([keys[2], keys[1], keys[0], keys[3]]);
  expect(keyOf({ addresses: [], names: [] })).toBeNull();
});
