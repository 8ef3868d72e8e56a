import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Delta } from '../delta/delta.ts';
import { describeDelta } from '../delta/describe-delta.ts';
import { buildFinding, buildHostDoubt } from '../evidence/build-doubt.ts';
import type { HostObservation } from '../snapshot/snapshot.ts';
import type { HostBelief } from './belief.ts';
import { buildOpen, buildSeen, buildUnanswered } from './build-observation.ts';
import { decideGroup, type GroupDecision } from './decide-group.ts';
import type { Sight } from './decide-sight.ts';
import type { MovingIdentity } from './identity.ts';
import type { DownAfter } from './silence-rule.ts';

/** What is believed of a group, by address, and of hosts without one. */
interface Believed {
  readonly beliefs: ReadonlyMap<string, HostBelief>;
  readonly displaced: readonly HostBelief[];
}

const NOTHING: Believed = { beliefs: new Map(), displaced: [] };
const PORTS = [22, 80, 443, 8080];

/** A host that is up: its address, then who it is, then its open ports. */
function up(address: string, who: string, ports: readonly number[] = [22]): HostObservation {
  const mac = who && `02:00:00:00:00:${who.charCodeAt(0).toString(16)}`;
  const endpoints = ports.map((port) => buildOpen(port));
  return buildSeen(endpoints, { address, covered: PORTS, ...(who && { mac, names: [who] }) });
}
const silent = (address: string) => buildUnanswered({ address });

interface Scan {
  /** The hosts of each shard. */
  readonly shards: readonly (readonly HostObservation[])[];
  readonly number: number;
  readonly by?: MovingIdentity;
  readonly downAfter?: DownAfter;
  readonly way?: string;
  readonly complete?: boolean;
  readonly sight?: Partial<Sight>;
  readonly renamed?: readonly string[];
}

type Scanned = Believed & Omit<GroupDecision, 'displaced'>;

function scan(before: Believed, asked: Scan): Scanned {
  const { number, downAfter = 2 } = asked;
  const now = { scanId: `s${number}`, at: new Date(Date.UTC(2026, 0, number)).toISOString() };
  const frame = { way: asked.way ?? 'w', first: number === 1, number, now };
  const nothing = { findings: [], sentinels: [], path: 'clear', openDecoys: {} } as const;
  const decision = decideGroup({
    ...before,
    by: asked.by ?? 'mac',
    looks: asked.shards.map((hosts) => ({
      frame,
      sight: { ...nothing, ...asked.sight, snapshot: { hosts, uncovered: [] } },
    })),
    renamed: new Set(asked.renamed),
    rulesOf: () => ({ downAfter, serviceDownAfter: downAfter }),
    complete: asked.complete ?? true,
  });
  const verdicts = [...decision.looks.flatMap((look) => look.verdicts), ...decision.emptied];
  const news = verdicts.map(({ decision: { belief } }) => [belief.address, belief] as const);
  const displaced = decision.displaced.map(({ belief }) => belief);
  return { ...decision, beliefs: new Map([...before.beliefs, ...news]), displaced };
}

/** Scans again and again, each scan one shard. */
function follow(...scans: (readonly HostObservation[])[]): Scanned[] {
  const all: Scanned[] = [];
  for (const hosts of scans)
    all.push(scan(all.at(-1) ?? NOTHING, { shards: [hosts], number: all.length + 1 }));
  return all;
}

const deltasOf = ({ looks, deltas }: Pick<Scanned, 'looks' | 'deltas'>): Delta[] => [
  ...looks.flatMap((look) => look.deltas),
  ...deltas,
];
const short = (decision: Scanned) => deltasOf(decision).map(tell).sort();
const tell = ({ kind, subject, before }: Delta) =>
  [
    kind,
    before && 'address' in before ? `${before.address}→` : '',
    'address' in subject ? subject.address : subject.target,
    'port' in subject ? subject.port : '',
  ]
    .filter(Boolean)
    .join(' ')
    .replace('→ ', '→');
const last = (all: readonly Scanned[]) => all.at(-1) as Scanned;
const [X, Y, Z] = ['10.0.0.1', '10.0.0.2', '10.0.0.3'];

describe('a host that is known by its MAC address', () => {
  it.each<[what: string, ...scans: HostObservation[][], told: string[]]>([
    ['moves', [up(X, 'a'), silent(Y)], [silent(X), up(Y, 'a')], [`host.moved ${X}→${Y}`]],
    [
      'moves and opens a port, and closes another',
      [up(X, 'a', [22, 80]), silent(Y)],
      [silent(X), up(Y, 'a', [22, 443])],
      [`host.moved ${X}→${Y}`, `service.closed ${Y} 80`, `service.opened ${Y} 443`],
    ],
    [
      'exchanges its address with another one',
      [up(X, 'a', [22]), up(Y, 'b', [80, 443])],
      [up(X, 'b', [80, 443]), up(Y, 'a', [22])],
      [`host.moved ${X}→${Y}`, `host.moved ${Y}→${X}`],
    ],
    [
      'moves, and a new one has its old address',
      [up(X, 'a'), silent(Y)],
      [up(X, 'b'), up(Y, 'a')],
      [`host.moved ${X}→${Y}`, `host.new ${X}`],
    ],
    [
      'moves to the address of one that is nowhere to be seen',
      [up(X, 'a'), up(Y, 'b')],
      [silent(X), up(Y, 'a')],
      [`host.moved ${X}→${Y}`],
    ],
    ['is new where another was', [up(X, 'a')], [up(X, 'b')], [`host.new ${X}`]],
    ['has its address for the first time', [up(X, '')], [up(X, 'a')], []],
    ['tells no MAC address any more', [up(X, 'a')], [up(X, '')], []],
  ])('%s', (_what, ...rest) => {
    const told = rest.at(-1);
    const all = follow(...(rest.slice(0, -1) as HostObservation[][]));
    expect(short(last(all))).toEqual(told);
    // What was learned is quiet from then on.
    const scans = rest.slice(0, -1) as HostObservation[][];
    const again = scan(last(all), { shards: [scans.at(-1) ?? []], number: 3, downAfter: 9 });
    expect(short(again)).toEqual([]);
  });

  it.each<[what: string, ...scans: HostObservation[][], told: string[]]>([
    [
      'is at two addresses now, one of them the old one',
      [up(X, 'a'), silent(Y)],
      [up(X, 'a'), up(Y, 'a')],
      [`host.new ${Y}`],
    ],
    [
      'is at two new addresses',
      [up(X, 'a'), silent(Y), silent(Z)],
      [silent(X), up(Y, 'a'), up(Z, 'a')],
      [`host.new ${Y}`, `host.new ${Z}`],
    ],
    [
      'was at two addresses and is at a third',
      [up(X, 'a'), up(Y, 'a'), silent(Z)],
      [up(X, 'a'), silent(Y), up(Z, 'a')],
      [`host.new ${Z}`],
    ],
    [
      'answered for several addresses, one of which has its own host now',
      [up(X, 'a', [22]), up(Y, 'a', [22])],
      [up(X, 'a', [22]), up(Y, 'b', [80])],
      [`service.closed ${Y} 22`, `service.opened ${Y} 80`],
    ],
    [
      'was at two addresses and is at a third alone',
      [up(X, 'a'), up(Y, 'a'), silent(Z)],
      [silent(X), silent(Y), up(Z, 'a')],
      [`host.new ${Z}`],
    ],
    [
      'was at two addresses, and another one is at one of them',
      [up(X, 'a', [22]), up(Y, 'a', [22])],
      [silent(X), up(Y, 'b', [80])],
      [`service.closed ${Y} 22`, `service.opened ${Y} 80`],
    ],
    [
      'has no MAC address to be seen',
      [up(X, ''), silent(Y)],
      [silent(X), up(Y, '')],
      [`host.new ${Y}`],
    ],
    ['is not asked where it was', [up(X, 'a')], [up(Y, 'a')], [`host.new ${Y}`]],
  ])('is its address when it %s', (_what, ...rest) => {
    const scans = rest.slice(0, -1) as HostObservation[][];
    expect(short(last(follow(...scans)))).toEqual(rest.at(-1));
  });

  it('is not taken to have left when it was asked in another way than it last answered', () => {
    const [first] = follow([up(X, 'a'), silent(Y)]);
    const asked = { shards: [[silent(X), up(Y, 'a')]], number: 2, way: 'other' };
    expect(short(scan(first as Believed, asked))).toEqual([`host.new ${Y}`]);
  });

  it('has left when it was asked again and stayed silent, and has not when it answered', () => {
    const [first] = follow([up(X, 'a'), silent(Y)]);
    const doubt = buildHostDoubt({ address: X });
    const asked = (finding: object) => ({
      ...{ shards: [[silent(X), up(Y, 'a')]], number: 2, way: 'other' },
      sight: { findings: [buildFinding({ doubt, ...finding })] },
    });
    expect(short(scan(first as Believed, asked({ likelihood: 0.9 })))).toEqual([
      `host.moved ${X}→${Y}`,
    ]);
    const answer = { state: 'open', reason: 'echo-reply' } as const;
    const answered = asked({ outcome: 'refuted', likelihood: 0, answer });
    expect(short(scan(first as Believed, answered))).toEqual([`host.new ${Y}`]);
  });

  it('takes with it what is known of it, and leaves an address where nobody was', () => {
    const all = follow([up(X, 'a', [22, 80]), silent(Y)], [silent(X), up(Y, 'a', [22, 80])]);
    const [before, after] = all as [Scanned, Scanned];
    const host = before.beliefs.get(X) as HostBelief;
    expect(after.beliefs.get(Y)).toEqual({ ...host, address: Y, status: 'UP' });
    expect(after.beliefs.get(X)).toMatchObject({ status: 'ABSENT', services: [], names: [] });
    expect(short(last(follow([silent(Z)], [up(Z, 'a')])))).toEqual([`host.new ${Z}`]);
  });

  it('is up again and moved when it comes back elsewhere after having been down', () => {
    const gone = [silent(X), silent(Y)];
    const all = follow([up(X, 'a'), silent(Y)], gone, gone, [silent(X), up(Y, 'a')]);
    expect(all.map(short)).toEqual([
      [],
      [],
      [`host.down ${X}`],
      [`host.moved ${X}→${Y}`, `host.returned ${Y}`],
    ]);
  });

  it('moves from where it was up last, not from where it has been down', () => {
    const gone = [silent(X), up(Y, 'a'), silent(Z)];
    const all = follow(
      [up(X, 'a'), up(Y, 'a'), silent(Z)],
      ...[gone, gone, [silent(X), silent(Y), up(Z, 'a')]],
    );
    expect(all.map(short)).toEqual([[], [], [`host.down ${X}`], [`host.moved ${Y}→${Z}`]]);
  });

  it('is not told from what was seen of it while its own shard was blind, but is when all of them moved', () => {
    const places = (from: number, who: (at: number) => string) =>
      Array.from({ length: 6 }, (_, at) => up(`10.0.${from}.${at + 1}`, who(at)));
    const letters = (at: number) => 'abcdef'[at] as string;
    const old = places(0, letters);
    const vacant = places(1, letters).map(({ address }) => silent(address));
    const first = scan(NOTHING, { shards: [old, vacant], number: 1 });
    const dark = old.map(({ address }) => silent(address));
    const blind = (shard: readonly HostObservation[], own = dark) => {
      const question = { number: 2, shards: [own, shard] };
      return short(scan(first, { ...question, sight: { path: 'blind' } }));
    };
    const one = places(1, letters).slice(0, 1);
    expect(blind(one)).toEqual([
      'host.new 10.0.1.1',
      'scanner.blind scanner',
      'scanner.blind scanner',
    ]);
    expect(blind(one, [...dark.slice(0, 5), ...old.slice(5)])).toContain('host.new 10.0.1.1');
    expect(blind(places(1, letters)).filter((told) => !told.startsWith('host.moved'))).toEqual([
      'scanner.blind scanner',
    ]);
  });
});

describe('a host whose address another one has', () => {
  const taken = () => follow([up(X, 'a', [22, 80]), silent(Y)], [up(X, 'b'), silent(Y)]);

  it('is down at the N-th scan that did not see it, once, whoever has its address', () => {
    const all = follow(...[[up(X, 'a')], [up(X, 'b')], [up(X, 'b')], [up(X, 'b')]]);
    expect(all.map(short)).toEqual([[], [`host.new ${X}`], [`host.down ${X}`], []]);
    const [down] = (all[2] as Scanned).deltas;
    expect(describeDelta(down as Delta)).toBe(
      '10.0.0.1 (a) went down: silent for 2 scans since 2 Jan 2026, 00:00 UTC, and another host has its address',
    );
  });

  it('is not missed by a scan that did not see everything', () => {
    const shards = [[up(X, 'b')]];
    const partial = scan(last(taken()), { shards, number: 3, complete: false });
    expect([short(partial), partial.displaced[0]?.silence?.scans]).toEqual([[], 1]);
    expect(short(scan(partial, { shards, number: 4 }))).toEqual([`host.down ${X}`]);
  });

  it('has moved when it is seen elsewhere, with its services compared', () => {
    const back = scan(last(taken()), { shards: [[up(X, 'b'), up(Y, 'a', [22])]], number: 3 });
    expect(short(back)).toEqual([`host.moved ${X}→${Y}`, `service.closed ${Y} 80`]);
    expect(back.displaced).toEqual([]);
  });

  it('is back without a word when it has its address again', () => {
    const back = scan(last(taken()), { shards: [[up(X, 'a', [22, 80]), up(Y, 'b')]], number: 3 });
    expect(short(back)).toEqual([`host.moved ${X}→${Y}`]);
  });

  it('goes down in the next scan when another host goes down at that address in this one', () => {
    const both = scan(last(taken()), { shards: [[silent(X)]], number: 3, downAfter: 1 });
    expect(short(both)).toEqual([`host.down ${X}`]);
    expect(short(scan(both, { shards: [[silent(X)]], number: 4, downAfter: 1 }))).toEqual([
      `host.down ${X}`,
    ]);
  });
});

describe('a host that is known by its name', () => {
  it('moves with one of its names, in any order and spelling', () => {
    const named = (host: HostObservation, ...names: string[]) => ({ ...host, names });
    const first = [named(up(X, ''), 'a.test', 'b.test'), silent(Y)];
    const [before] = [scan(NOTHING, { shards: [first], number: 1, by: 'name' })];
    const there = [silent(X), named(up(Y, ''), 'B.test.')];
    const after = scan(before, { shards: [there], number: 2, by: 'name' });
    expect(deltasOf(after).map((delta) => describeDelta(delta))).toEqual([
      '10.0.0.1 (B.test.) moved to 10.0.0.2',
    ]);
    const same = [named(up(X, ''), 'b.test', 'c.test'), silent(Y)];
    expect(short(scan(before, { shards: [same], number: 2, by: 'name' }))).toEqual([]);
  });

  it('moves when its name is a target and leads to another address', () => {
    const first = scan(NOTHING, { shards: [[up(X, 'a')]], number: 1, by: 'name' });
    const asked = { shards: [[up(Y, 'a')]], number: 2, by: 'name' as const };
    const moved = scan(first, { ...asked, renamed: [X] });
    expect(short(moved)).toEqual([`host.moved ${X}→${Y}`]);
    expect(moved.beliefs.get(X)?.status).toBe('ABSENT');
    expect(short(scan(first, asked))).toEqual([`host.new ${Y}`]);
  });
});

describe('the laws', () => {
  const LETTERS = [...'abcdefghijkl'];
  const addressOf = (at: number) => `10.0.${at % 3}.${at + 1}`;
  const anyPorts = fc.subarray(PORTS, { minLength: 1 });
  /** Hosts, and two arrangements of them over addresses of which some are empty. */
  const anyMove = fc.array(anyPorts, { minLength: 1, maxLength: 8 }).chain((ports) =>
    fc.record({
      ports: fc.constant(ports),
      before: fc.shuffledSubarray(range(12), { minLength: ports.length, maxLength: ports.length }),
      after: fc.shuffledSubarray(range(12), { minLength: ports.length, maxLength: ports.length }),
    }),
  );
  const arrange = (ports: readonly number[][], places: readonly number[]) =>
    range(12).map((at) => {
      const who = places.indexOf(at);
      const address = addressOf(at);
      return who < 0 ? silent(address) : up(address, LETTERS[who] as string, ports[who]);
    });
  const shardsOf = (hosts: readonly HostObservation[]) =>
    [0, 1, 2].map((shard) => hosts.filter((_, at) => at % 3 === shard));

  it('hosts that change places have moved, each once, and back again; nothing else is told', () => {
    fc.assert(
      fc.property(anyMove, ({ ports, before, after }) => {
        const [here, there] = [arrange(ports, before), arrange(ports, after)];
        const first = scan(NOTHING, { shards: shardsOf(here), number: 1 });
        const second = scan(first, { shards: shardsOf(there), number: 2 });
        const moves = (from: readonly number[], to: readonly number[]) =>
          from
            .flatMap((at, who) =>
              at === to[who] ? [] : [`host.moved ${addressOf(at)}→${addressOf(to[who] as number)}`],
            )
            .sort();
        expect(short(second)).toEqual(moves(before, after));
        expect(short(scan(second, { shards: shardsOf(here), number: 3 }))).toEqual(
          moves(after, before),
        );
      }),
      { numRuns: 300 },
    );
  });

  it('what opened, closed or came on the way is told as if nobody had moved', () => {
    fc.assert(
      fc.property(anyMove, fc.array(anyPorts, { minLength: 8, maxLength: 8 }), (move, ports) => {
        const first = scan(NOTHING, { shards: [arrange(move.ports, move.before)], number: 1 });
        const changed = ports.slice(0, move.ports.length);
        const stay = scan(first, { shards: [arrange(changed, move.before)], number: 2 });
        const go = scan(first, { shards: [arrange(changed, move.after)], number: 2 });
        const whoAt = (places: readonly number[], { subject }: Delta) =>
          places.findIndex((at) => 'address' in subject && addressOf(at) === subject.address);
        const told = (decision: Scanned, places: readonly number[]) =>
          deltasOf(decision)
            .filter(({ kind }) => kind !== 'host.moved')
            .map(
              (delta) =>
                `${whoAt(places, delta)} ${delta.kind} ${'port' in delta.subject && delta.subject.port}`,
            )
            .sort();
        expect(told(go, move.after)).toEqual(told(stay, move.before));
      }),
      { numRuns: 300 },
    );
  });

  it('seeing less never invents a move: who is told to have moved is there, and not where it was', () => {
    fc.assert(
      fc.property(anyMove, fc.subarray(range(12)), fc.boolean(), (move, kept, doubled) => {
        const first = scan(NOTHING, { shards: [arrange(move.ports, move.before)], number: 1 });
        // One host may be at several addresses now.
        const all = arrange(move.ports, move.after).map((host, at) =>
          doubled && host.status === 'silent' && at % 2 === 0 ? up(host.address, 'a') : host,
        );
        const moves = (hosts: readonly HostObservation[]) =>
          deltasOf(scan(first, { shards: [hosts], number: 2, complete: false })).flatMap((delta) =>
            delta.kind === 'host.moved'
              ? [{ from: delta.before?.address, to: delta.subject.address }]
              : [],
          );
        const told = moves(all.filter((_, at) => kept.includes(at)));
        if (!doubled) expect(moves(all)).toEqual(expect.arrayContaining(told));
        const whoIsAt = (address?: string) =>
          all.find((host) => host.address === address)?.names[0];
        for (const { from, to } of told) {
          const who = first.beliefs.get(from ?? '')?.names[0];
          expect(whoIsAt(to)).toBe(who);
          expect(whoIsAt(from)).not.toBe(who);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('the order of shards and hosts never matters', () => {
    fc.assert(
      fc.property(anyMove, ({ ports, before, after }) => {
        const first = scan(NOTHING, { shards: [arrange(ports, before)], number: 1 });
        const there = shardsOf(arrange(ports, after));
        const one = scan(first, { shards: there, number: 2 });
        const turned = there.map((hosts) => hosts.toReversed()).toReversed();
        const other = scan(first, { shards: turned, number: 2 });
        expect(short(other)).toEqual(short(one));
        for (const [address, belief] of one.beliefs)
          expect(other.beliefs.get(address)).toEqual(belief);
      }),
      { numRuns: 200 },
    );
  });
});

function range(count: number): number[] {
  return Array.from({ length: count }, (_, at) => at);
}
