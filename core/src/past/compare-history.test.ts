import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Delta } from '../delta/delta.ts';
import type { HostBelief } from '../host/belief.ts';
import { deltasOf, NOTHING, PORTS, type Scanned, scan, silent, up } from '../host/scan-group.ts';
import type { SilenceRules } from '../host/silence-rule.ts';
import {
  createRandom,
  decideSimulated,
  scanNetwork,
  type TrueHost,
  type TrueNetwork,
} from '../host/simulate-network.ts';
import { compareAddress, type TwoMoments } from './compare-hosts.ts';
import { pairTenants } from './pair-tenants.ts';

type Beliefs = ReadonlyMap<string, HostBelief>;

interface AllMoments extends TwoMoments {
  readonly before: Beliefs;
  readonly after: Beliefs;
}

function compareAll(moments: AllMoments): Delta[] {
  const addresses = new Set([...moments.before.keys(), ...moments.after.keys()]);
  return [...addresses].flatMap((address) => compareAddress(moments, address).changes);
}

const AT_ONCE: SilenceRules = { downAfter: 1, serviceDownAfter: 1 };
const anyHost: fc.Arbitrary<TrueHost> = fc.record({
  up: fc.boolean(),
  ping: fc.constant(true),
  rejects: fc.boolean(),
  open: fc.subarray([22, 80, 443, 8080]),
});
const anyNetwork: fc.Arbitrary<TrueNetwork> = fc
  .array(anyHost, { minLength: 6, maxLength: 6 })
  .map((hosts) => Object.fromEntries(hosts.map((host, at) => [`10.0.0.${at + 1}`, host])));
const path = { loss: 0, random: createRandom(1) };

/** What is open where, and who is up. */
type Net = Map<string, { up: boolean; open: Set<string> }>;

function project(beliefs: Beliefs): Net {
  return new Map(
    [...beliefs].map(([address, { status, services }]) => [
      address,
      {
        up: !['ABSENT', 'DOWN', 'STILL_DOWN'].includes(status),
        open: new Set(services.map(({ protocol, port }) => `${protocol}/${port}`)),
      },
    ]),
  );
}

/** What a net is after these deltas. */
function apply(net: Net, deltas: readonly Delta[]): Net {
  const after: Net = new Map(
    [...net].map(([address, { up, open }]) => [address, { up, open: new Set(open) }]),
  );
  for (const delta of deltas) {
    const { kind, subject } = delta;
    if (kind === 'subnet.down' || kind === 'subnet.returned')
      for (const address of delta.after?.addresses ?? [])
        setUp(after, address, kind === 'subnet.returned');
    if (!('address' in subject)) continue;
    if (kind === 'host.down' || kind === 'host.returned' || kind === 'host.new')
      setUp(after, subject.address, kind !== 'host.down');
    const open = after.get(subject.address)?.open ?? new Set();
    if (kind === 'host.new')
      for (const { protocol, port } of delta.after?.services ?? []) open.add(`${protocol}/${port}`);
    if (kind === 'service.opened') open.add(`${subject.protocol}/${subject.port}`);
    if (kind === 'service.closed' || kind === 'service.filtered')
      open.delete(`${subject.protocol}/${subject.port}`);
  }
  return after;
}

/** Of a host that came and went between the instants nothing is told. */
function leaveOutVisitors(net: Net, before: Beliefs): Net {
  const isVisitor = (address: string) => before.get(address)?.status === 'ABSENT';
  return new Map(
    [...net].map(([address, host]) => [
      address,
      !host.up && isVisitor(address) ? { ...host, open: new Set() } : host,
    ]),
  );
}

function setUp(net: Net, address: string, isUp: boolean): void {
  const host = net.get(address);
  if (host) host.up = isUp;
}

describe('a comparison of two instants', () => {
  it('is the net effect of all deltas between them, where nothing flapped', () => {
    fc.assert(
      fc.property(
        fc.array(anyNetwork, { minLength: 2, maxLength: 4 }),
        fc.nat(),
        fc.nat(),
        (networks, one, other) => {
          const past: { beliefs: Beliefs; deltas: readonly Delta[] }[] = [];
          let untold = false;
          for (const [at, network] of networks.entries()) {
            const before = past.at(-1)?.beliefs ?? new Map();
            const scanned = scanNetwork(network, before, { path, number: at + 1, rules: AT_ONCE });
            past.push({ beliefs: scanned.beliefs, deltas: scanned.decision.deltas });
            untold ||= scanned.decision.verdicts.some(({ decision }) => decision.untold);
          }
          fc.pre(!untold);
          const [a, b] = [one % past.length, other % past.length].sort() as [number, number];
          const moments = {
            before: past[a]?.beliefs ?? new Map(),
            after: past[b]?.beliefs ?? new Map(),
          };
          const told = past.slice(a + 1, b + 1).flatMap(({ deltas }) => deltas);
          const changes = compareAll(moments);
          const before = project(moments.before);
          const lasting = (net: Net) => leaveOutVisitors(net, moments.before);
          expect(apply(before, changes)).toEqual(lasting(apply(before, told)));
          expect(apply(before, changes)).toEqual(lasting(project(moments.after)));
        },
      ),
      { numRuns: 500 },
    );
  });

  it('of neighbouring scans tells what the later one told', () => {
    fc.assert(
      fc.property(anyNetwork, anyNetwork, (one, other) => {
        const first = scanNetwork(one, new Map(), { path, number: 1, rules: AT_ONCE });
        const second = scanNetwork(other, first.beliefs, { path, number: 2, rules: AT_ONCE });
        const isGrouped = second.decision.deltas.some(({ kind }) => kind.startsWith('subnet'));
        fc.pre(!isGrouped);
        const name = ({ kind, subject, before, after }: Delta) =>
          JSON.stringify({ kind: ended(kind), subject, was: before !== null, is: after !== null });
        const changes = compareAll({ before: first.beliefs, after: second.beliefs });
        expect(changes.map(name).sort()).toEqual(second.decision.deltas.map(name).sort());
      }),
      { numRuns: 500 },
    );
  });

  it('sees nothing in a scan that is judged twice', () => {
    fc.assert(
      fc.property(anyNetwork, (network) => {
        const first = scanNetwork(network, new Map(), { path, number: 1, rules: AT_ONCE });
        const frame = { number: 2, rules: AT_ONCE };
        const again = decideSimulated(first.sight, first.beliefs, frame).verdicts;
        const after = new Map(
          again.map(({ decision: { belief } }) => [belief.address, belief] as const),
        );
        expect(compareAll({ before: first.beliefs, after })).toEqual([]);
      }),
    );
  });
});

/** How a service ended is not believed, but stored beside. */
const ended = (kind: string) => (kind === 'service.filtered' ? 'service.closed' : kind);

describe('a comparison of hosts known by MAC address', () => {
  const LETTERS = [...'abcdefgh'];
  const addressOf = (at: number) => `10.0.0.${at + 1}`;
  const anyPorts = fc.subarray(PORTS, { minLength: 1 });
  /** Who is where, and what it has open: by address, the number of the host; null: nobody. */
  const anyPlaces = fc
    .record({
      places: fc.shuffledSubarray([0, 1, 2, 3, 4, 5, 6, 7], { minLength: 4, maxLength: 4 }),
      ports: fc.array(anyPorts, { minLength: 4, maxLength: 4 }),
    })
    .map(({ places, ports }) =>
      LETTERS.map((_, at) => {
        const who = places.indexOf(at);
        return who < 0
          ? silent(addressOf(at))
          : up(addressOf(at), LETTERS[who] as string, ports[who]);
      }),
    );
  const compareScans = (one: Scanned, other: Scanned) => {
    const [before, after] = [one.beliefs, other.beliefs];
    const moves = pairTenants('mac', before.values(), after.values());
    return compareAll({ before, after, identity: { by: 'mac', moves } });
  };
  const name = ({ kind, subject, before }: Delta) =>
    [kind, JSON.stringify(subject), before && 'address' in before ? before.address : ''].join(' ');

  it('tells what one scan would have told, whatever was between', () => {
    fc.assert(
      fc.property(anyPlaces, anyPlaces, anyPlaces, (one, between, other) => {
        const first = scan(NOTHING, { shards: [one], number: 1 });
        const second = scan(first, { shards: [between], number: 2 });
        const third = scan(second, { shards: [other], number: 3 });
        const direct = scan(first, { shards: [other], number: 2 });
        const told = compareScans(first, third).map(name).sort();
        expect(told).toEqual(deltasOf(direct).map(name).sort());
      }),
      { numRuns: 500 },
    );
  });

  it('tells a host down whose address somebody else has, and that is nowhere', () => {
    const first = scan(NOTHING, {
      shards: [[up(addressOf(0), 'a'), silent(addressOf(1))]],
      number: 1,
    });
    const second = scan(first, {
      shards: [[up(addressOf(0), 'b'), silent(addressOf(1))]],
      number: 2,
    });
    expect(compareScans(first, second)).toMatchObject([
      { kind: 'host.down', evidence: { reason: 'address-taken' } },
      { kind: 'host.new', subject: { address: addressOf(0) } },
    ]);
  });
});
