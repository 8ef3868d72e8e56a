import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Delta } from '../delta/delta.ts';
import type { HostObservation } from '../snapshot/snapshot.ts';
import { deltasOf, NOTHING, PORTS, type Scanned, scan, short, silent, up } from './scan-group.ts';

describe('the laws of hosts known by MAC address', () => {
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
