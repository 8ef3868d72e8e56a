import { describe, expect, it } from 'vitest';
import type { Delta } from '../delta/delta.ts';
import { describeDelta } from '../delta/describe-delta.ts';
import { buildFinding, buildHostDoubt } from '../evidence/build-doubt.ts';
import type { HostObservation } from '../snapshot/snapshot.ts';
import type { HostBelief } from './belief.ts';
import {
  type Believed,
  deltasOf,
  NOTHING,
  type Scanned,
  scan,
  short,
  silent,
  up,
} from './scan-group.ts';

/** Scans again and again, each scan one shard. */
function follow(...scans: (readonly HostObservation[])[]): Scanned[] {
  const all: Scanned[] = [];
  for (const hosts of scans)
    all.push(scan(all.at(-1) ?? NOTHING, { shards: [hosts], number: all.length + 1 }));
  return all;
}

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
