import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Delta } from '../delta/delta.ts';
import { buildDoubt, buildFinding, buildHostDoubt } from '../evidence/build-doubt.ts';
import type { HostObservation } from '../snapshot/snapshot.ts';
import type { HostBelief } from './belief.ts';
import { buildOpen, buildSeen, buildUnanswered } from './build-observation.ts';
import { decideSight, type Sight } from './decide-sight.ts';
import type { DownAfter, SilenceRules } from './silence-rule.ts';
import {
  createRandom,
  decideSimulated,
  scanNetwork,
  sweepNetwork,
  type TrueHost,
  type TrueNetwork,
} from './simulate-network.ts';

const BY_EVIDENCE: SilenceRules = { downAfter: 'evidence', serviceDownAfter: 'evidence' };
const both = (rule: DownAfter): SilenceRules => ({ downAfter: rule, serviceDownAfter: rule });
const NETWORKS = 1_500;

const anyHost: fc.Arbitrary<TrueHost> = fc.record({
  up: fc.constant(true),
  ping: fc.boolean(),
  rejects: fc.boolean(),
  open: fc.subarray([22, 80, 443, 8080]),
});
/** Hosts that can be seen at all. */
const anySeenHost = anyHost.filter(({ ping, rejects, open }) => ping || rejects || open.length > 0);
const anyNetwork: fc.Arbitrary<TrueNetwork> = fc
  .array(anySeenHost, { minLength: 1, maxLength: 6 })
  .map((hosts) => Object.fromEntries(hosts.map((host, at) => [`10.0.${at * 8}.5`, host])));
const anySeed = fc.integer({ min: 0, max: 2 ** 31 });
/** In each direction 0–20 % lost: of a probe and its answer 0–36 %. */
const anyLoss = fc.constantFrom(0, 0.02, 0.0975, 0.19, 0.36);

interface Following {
  readonly network: (scan: number) => TrueNetwork;
  readonly scans: number;
  readonly loss: number;
  readonly seed: number;
  readonly rules?: SilenceRules;
}

/** Scans again and again; the first time without loss, so that what is there is known. */
function follow({ network, scans, loss, seed, rules = BY_EVIDENCE }: Following) {
  const random = createRandom(seed);
  let beliefs: Map<string, HostBelief> = new Map();
  const told: Delta[][] = [];
  for (let number = 1; number <= scans; number += 1) {
    const path = { loss: number === 1 ? 0 : loss, random };
    const scan = scanNetwork(network(number), beliefs, { path, number, rules });
    ({ beliefs } = scan);
    told.push([...scan.decision.deltas]);
  }
  return { told, beliefs };
}

const identify = ({ kind, subject }: Delta) => `${kind} ${JSON.stringify(subject)}`;
const [SOME] = ['10.0.0.5'];
const withHost = (network: TrueNetwork, change: Partial<TrueHost>): TrueNetwork => ({
  ...network,
  [SOME]: { ...(network[SOME] as TrueHost), ...change },
});

describe('the laws, over generated networks and losses', () => {
  it('an unchanged network is never told of, however lossy its path', () => {
    fc.assert(
      fc.property(anyNetwork, anyLoss, anySeed, (network, loss, seed) => {
        const { told } = follow({ network: () => network, scans: 6, loss, seed });
        expect(told.flat().map(identify)).toEqual([]);
      }),
      { numRuns: NETWORKS },
    );
  });

  it('a host that goes for good is told, in that very scan or the next', () => {
    fc.assert(
      fc.property(anyNetwork, anyLoss, anySeed, (network, loss, seed) => {
        const after = withHost(network, { up: false });
        const pick = (scan: number) => (scan < 3 ? network : after);
        const { told } = follow({ network: pick, scans: 4, loss, seed });
        expect(told.flat().map(identify)).toEqual([`host.down {"address":"${SOME}"}`]);
        if (loss < 0.36) expect(told[2]).toHaveLength(1);
      }),
      { numRuns: NETWORKS },
    );
  });

  it('a service that closes for good is told, by a refusal or by silence', () => {
    fc.assert(
      fc.property(anyNetwork, anyLoss, anySeed, fc.boolean(), (network, loss, seed, rejects) => {
        const before = withHost(network, { ping: true, rejects, open: [22, 80] });
        const after = withHost(before, { open: [22] });
        const pick = (scan: number) => (scan < 3 ? before : after);
        const { told } = follow({ network: pick, scans: 5, loss, seed });
        const kind = rejects ? 'service.closed' : 'service.filtered';
        const deltas = told.flat();
        expect(deltas.map(({ subject }) => subject)).toEqual([
          { address: SOME, protocol: 'tcp', port: 80 },
        ]);
        if (loss < 0.19) expect(deltas[0]?.kind).toBe(kind);
      }),
      { numRuns: NETWORKS },
    );
  });

  it('a service that opens is told once the sweep has seen it, whatever else is lost', () => {
    fc.assert(
      fc.property(anyNetwork, anySeed, (network, seed) => {
        const before = withHost(network, { rejects: true, open: [22] });
        const after = withHost(before, { open: [22, 8080] });
        const pick = (scan: number) => (scan < 3 ? before : after);
        const { told } = follow({ network: pick, scans: 4, loss: 0.02, seed });
        expect(told.flat().map(identify)).toEqual([
          `service.opened {"address":"${SOME}","protocol":"tcp","port":8080}`,
        ]);
      }),
      { numRuns: NETWORKS },
    );
  });

  it('under the N rule a host is down exactly at the N-th silent scan, not counting scans that did not cover it', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 10 }),
        fc.array(fc.boolean(), { minLength: 12, maxLength: 30 }),
        (rule, covering) => {
          const network = { [SOME]: { up: true, ping: true, rejects: true, open: [22] } };
          const first = scanNetwork(network, new Map(), { ...clear(1), rules: both(rule) });
          let { beliefs } = first;
          let silent = 0;
          const gone = withHost(network, { up: false });
          for (const [index, covers] of covering.entries()) {
            // A failed, cancelled or blind scan covers nothing.
            if (!covers) continue;
            const scan = { ...clear(index + 2), rules: both(rule) };
            const { decision, ...next } = scanNetwork(gone, beliefs, scan);
            ({ beliefs } = next);
            silent += 1;
            const kinds = decision.deltas.map(({ kind }) => kind);
            expect(kinds).toEqual(silent === rule ? ['host.down'] : []);
          }
        },
      ),
    );
  });

  it('with any single silent observation refuted, nothing is told', () => {
    fc.assert(
      fc.property(anyNetwork, fc.nat(), (network, pick) => {
        const { beliefs } = scanNetwork(network, new Map(), { ...clear(1), rules: both(1) });
        const hosts = sweepNetwork(network, clear(2).path);
        const services = [...beliefs.values()].flatMap(({ address, services: all }) =>
          all.map(({ protocol, port }) => ({ address, protocol, port })),
        );
        const victim = services[pick % Math.max(1, services.length)];
        if (!victim) return;
        const answer = { state: 'open', reason: 'syn-ack' } as const;
        const endpoint = `tcp/${victim.port}` as const;
        const doubt = buildDoubt({ address: victim.address, endpoint, ask: [endpoint] });
        const findings = [buildFinding({ doubt, outcome: 'refuted', likelihood: 0, answer })];
        const snapshot = { hosts: hosts.map((host) => silence(host, victim)), uncovered: [] };
        const sight = { ...nothing, snapshot, findings };
        expect(decideSimulated(sight, beliefs, { number: 2, rules: both(1) }).deltas).toEqual([]);
      }),
      { numRuns: NETWORKS },
    );
  });

  it('judging the same sight twice, or in another order, decides the same', () => {
    fc.assert(
      fc.property(anyNetwork, anyNetwork, anyLoss, anySeed, (one, other, loss, seed) => {
        const random = createRandom(seed);
        const first = scanNetwork(one, new Map(), { ...clear(1), rules: BY_EVIDENCE });
        const second = { path: { loss, random }, number: 2, rules: BY_EVIDENCE };
        const addresses = Object.keys(one).filter((address) => other[address]);
        const next = Object.fromEntries(addresses.map((address) => [address, other[address]]));
        const { sight, decision } = scanNetwork(next as TrueNetwork, first.beliefs, second);
        expect(decideSimulated(sight, first.beliefs, second)).toEqual(decision);
        const turned: Sight = {
          ...sight,
          findings: sight.findings.toReversed(),
          snapshot: {
            uncovered: [],
            hosts: sight.snapshot.hosts
              .map((host) => ({ ...host, endpoints: host.endpoints.toReversed() }))
              .toReversed(),
          },
        };
        const again = decideSimulated(turned, first.beliefs, second);
        expect(again.deltas.map(identify).sort()).toEqual(decision.deltas.map(identify).sort());
      }),
      { numRuns: NETWORKS },
    );
  });
});

const nothing = { sentinels: [], path: 'clear', openDecoys: {} } as const;
const clear = (number: number) => ({ path: { loss: 0, random: () => 0.5 }, number });

function silence(
  host: HostObservation,
  { address, port }: { address: string; port: number },
): HostObservation {
  if (host.address !== address) return host;
  return {
    ...host,
    endpoints: host.endpoints.map((endpoint) =>
      endpoint.port === port
        ? { ...endpoint, state: 'silent' as const, reason: 'no-response' }
        : endpoint,
    ),
  };
}

describe('one shard', () => {
  const addresses = Array.from({ length: 16 }, (_, at) => `10.0.0.${at + 16}`);
  const seen = addresses.map((address) => buildSeen([buildOpen(22)], { address }));
  const frame = (number: number) => ({
    ...{ way: 'w', first: number === 1, number },
    now: { scanId: `s${number}`, at: `2026-01-0${number}T02:00:00Z` },
  });
  const decide = (sight: Sight, beliefs: ReadonlyMap<string, HostBelief>, number: number) =>
    decideSight({ sight, frame: frame(number), beliefs, rulesOf: () => BY_EVIDENCE });
  const see = (hosts: HostObservation[], more: Partial<Sight> = {}): Sight => ({
    ...nothing,
    snapshot: { hosts, uncovered: [] },
    findings: [],
    ...more,
  });
  const believe = (decision: ReturnType<typeof decide>) =>
    new Map(decision.verdicts.map(({ decision: { belief } }) => [belief.address, belief]));
  const believed = believe(decide(see(seen), new Map(), 1));
  const gone = (which: readonly string[]) =>
    see(
      seen.map((host) =>
        which.includes(host.address) ? buildUnanswered({ address: host.address }) : host,
      ),
      {
        findings: which.map((address) =>
          buildFinding({ doubt: buildHostDoubt({ address }), likelihood: 0.9999 }),
        ),
      },
    );
  const kindsOf = ({ deltas }: ReturnType<typeof decide>) => deltas.map(({ kind }) => kind);

  it('of which a whole subnet falls out tells one delta, and one when it is back', () => {
    const outage = decide(gone(addresses.slice(0, 8)), believed, 2);
    expect(outage.deltas).toMatchObject([
      {
        kind: 'subnet.down',
        subject: { target: '10.0.0.16/29' },
        after: { addresses: addresses.slice(0, 8) },
        evidence: { likelihood: 0.9999, confirmation: { loss: 0.05 } },
      },
    ]);
    expect(believe(outage).get('10.0.0.17')?.status).toBe('DOWN');
    expect(kindsOf(decide(see(seen), believe(outage), 3))).toEqual(['subnet.returned']);
  });

  it('of which a subnet falls out tells one delta, however many of its hosts were down before', () => {
    const some = decide(gone(addresses.filter((_, at) => at % 4 === 0)), believed, 2);
    expect(kindsOf(some)).toEqual(Array(4).fill('host.down'));
    expect(kindsOf(decide(gone(addresses), believe(some), 3))).toEqual(['subnet.down']);
  });

  it('of which a subnet falls out again and again has no host that flaps by itself', () => {
    let beliefs: ReadonlyMap<string, HostBelief> = believed;
    const kinds = [2, 3, 4, 5, 6, 7, 8, 9].map((number) => {
      const outage = number % 2 === 0;
      const decision = decide(outage ? gone(addresses.slice(0, 8)) : see(seen), beliefs, number);
      beliefs = believe(decision);
      return kindsOf(decision);
    });
    expect(kinds).toEqual([2, 3, 4, 5].flatMap(() => [['subnet.down'], ['subnet.returned']]));
  });

  it('with a host that goes and comes by itself tells that it flaps, and is then quiet', () => {
    const [address] = addresses as [string];
    let beliefs: ReadonlyMap<string, HostBelief> = believed;
    const kinds = [2, 3, 4, 5, 6, 7].map((number) => {
      const decision = decide(number % 2 === 0 ? gone([address]) : see(seen), beliefs, number);
      beliefs = believe(decision);
      return kindsOf(decision);
    });
    expect(kinds).toEqual([
      ...[['host.down'], ['host.returned'], ['host.down']],
      ...[['host.flapping'], [], []],
    ]);
  });

  it('whose silence nobody could prove counts as a scan that did not ask again', () => {
    const unproven = { ...gone(addresses), path: 'unproven' } as const;
    const first = decide(unproven, believed, 2);
    expect(kindsOf(first)).toEqual(['scanner.blind']);
    expect(believe(first).get('10.0.0.16')?.status).toBe('MISSED');
    const second = decide(unproven, believe(first), 3);
    const third = decide(unproven, believe(second), 4);
    expect(kindsOf(third)).toEqual(['scanner.blind', 'subnet.down']);
  });

  it('with a refusal that was not repeated tells nothing yet, and holds the service', () => {
    const [address] = addresses as [string];
    const refused = buildSeen([], { address, covered: [22] });
    const doubt = buildDoubt({ kind: 'refused', address, endpoint: 'tcp/22' });
    const finding = buildFinding({ doubt, outcome: 'undecided', likelihood: 0.9 });
    const first = decide(see([refused], { findings: [finding] }), believed, 2);
    expect(kindsOf(first)).toEqual([]);
    expect(believe(first).get(address)?.services).toMatchObject([
      { silence: { scans: 1, likelihood: 0.9 } },
    ]);
    const sure = { ...finding, outcome: 'confirmed', likelihood: 1 } as const;
    const confirmed = decide(see([refused], { findings: [sure] }), believed, 2);
    expect(kindsOf(confirmed)).toEqual(['service.closed']);
  });

  it('that a blind scanner saw tells that, and believes as before', () => {
    const blind = decide({ ...gone(addresses), path: 'blind' }, believed, 2);
    expect(kindsOf(blind)).toEqual(['scanner.blind']);
    expect(blind.verdicts).toEqual([]);
  });

  it('with a host that answers on every port tells that once, and holds its services', () => {
    const [address] = addresses as [string];
    const tarpit = buildSeen(
      Array.from({ length: 100 }, (_, at) => buildOpen(at + 1)),
      { address, covered: Array.from({ length: 100 }, (_, at) => at + 1) },
    );
    const sight = see([tarpit], { openDecoys: { [address]: 6 } });
    const first = decide(sight, believed, 2);
    expect(kindsOf(first)).toEqual(['host.answersEverything']);
    expect(believe(first).get(address)?.services).toHaveLength(1);
    expect(kindsOf(decide(sight, believe(first), 3))).toEqual([]);
    const calm = see([buildSeen([buildOpen(22)], { address })], { openDecoys: { [address]: 0 } });
    const after = decide(calm, believe(first), 4);
    expect(after.deltas).toMatchObject([{ after: { answersEverything: false } }]);
  });

  it('carries what stayed undecided over, as the likelihood before the next scan', () => {
    const [address] = addresses as [string];
    const doubt = buildHostDoubt({ address });
    const undecided = buildFinding({ doubt, outcome: 'undecided', likelihood: 0.7 });
    const sight = see([buildUnanswered({ address })], { findings: [undecided] });
    const first = decide(sight, believed, 2);
    expect(kindsOf(first)).toEqual([]);
    expect(believe(first).get(address)).toMatchObject({
      status: 'MISSED',
      silence: { scans: 1, likelihood: 0.7 },
    });
  });
});
