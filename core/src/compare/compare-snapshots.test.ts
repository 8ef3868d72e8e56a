import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Delta } from '../delta/delta.ts';
import { buildOpen, buildSeen, buildUnanswered } from '../host/build-observation.ts';
import type { HostObservation, PortState } from '../snapshot/snapshot.ts';
import { compareSnapshots, type Look, learnBeliefs } from './compare-snapshots.ts';

const look = (hosts: readonly HostObservation[], way = 'nmap raw standard'): Look => ({
  snapshot: { hosts, uncovered: [] },
  way,
  now: { scanId: 'one', at: '2026-11-24T02:00:00Z' },
});
const kindsOf = (deltas: readonly Delta[]) => deltas.map(({ kind }) => kind);
const at = (address: string) => ({ address });

describe('compareSnapshots', () => {
  const host = buildSeen([buildOpen(22), buildOpen(80)]);

  it.each<[string, HostObservation[], HostObservation[], string[]]>([
    ['nothing', [host], [host], []],
    ['a silent host that answers', [buildUnanswered()], [host], ['host.new']],
    ['an answering host that is silent', [host], [buildUnanswered()], ['host.down']],
    ['a closed port', [host], [buildSeen([buildOpen(22)])], ['service.closed']],
    ['an opened port', [buildSeen([])], [buildSeen([buildOpen(443)])], ['service.opened']],
    [
      'a port that no longer answers',
      [host],
      [buildSeen([buildOpen(22), buildOpen(80, { state: 'silent', reason: 'no-response' })])],
      ['service.filtered'],
    ],
    ['a host that was not asked before', [], [host], []],
    ['a host that is not asked any more', [host], [], []],
    [
      'a port that was not asked before',
      [buildSeen([], { covered: [22] })],
      [host],
      ['service.opened'],
    ],
    [
      'a port that is not asked any more',
      [host],
      [buildSeen([buildOpen(22)], { covered: [22] })],
      [],
    ],
  ])('%s', (_what, before, after, kinds) => {
    expect(kindsOf(compareSnapshots(look(before), look(after)).deltas)).toEqual(kinds);
  });

  it('holds a host that was asked in another way, and says so', () => {
    const { deltas, held } = compareSnapshots(look([host]), look([buildUnanswered()], 'other'));
    expect([deltas, held]).toEqual([[], ['10.0.0.5']]);
  });

  it('names the hosts that only one look covered', () => {
    const [one, both, other] = ['10.0.0.1', '10.0.0.2', '10.0.0.3'].map((address) =>
      buildSeen([], { address }),
    ) as [HostObservation, HostObservation, HostObservation];
    const silent = buildUnanswered(at('10.0.0.9'));
    const comparison = compareSnapshots(look([one, both, silent]), look([both, other]));
    expect(comparison).toEqual({
      deltas: [],
      held: [],
      onlyBefore: ['10.0.0.1'],
      onlyAfter: ['10.0.0.3'],
    });
  });
});

it('learnBeliefs learns as the first scan of a group does', () => {
  const beliefs = learnBeliefs(look([buildSeen([buildOpen(22)]), buildUnanswered(at('10.0.0.6'))]));
  expect([...beliefs.values()].map(({ status }) => status)).toEqual(['NEW', 'ABSENT']);
});

const anyState = fc.constantFrom<PortState>('open', 'closed', 'filtered', 'silent');
const anyHost = fc
  .record({
    covered: fc.subarray([1, 2, 3, 4, 5]),
    states: fc.array(anyState, { minLength: 5, maxLength: 5 }),
    products: fc.array(fc.constantFrom('A', 'B'), { minLength: 5, maxLength: 5 }),
    up: fc.boolean(),
  })
  .map(({ covered, states, products, up }) => {
    if (!up) return buildUnanswered();
    const endpoints = covered.map((port) => {
      const state = states[port - 1] as PortState;
      const product = products[port - 1] as string;
      const service = { method: 'probed', name: 'http', product } as const;
      return buildOpen(port, { state, reason: state, ...(state === 'open' && { service }) });
    });
    return buildSeen(endpoints, { covered });
  });
const anyLook = fc
  .array(fc.option(anyHost, { nil: undefined }), { minLength: 4, maxLength: 4 })
  .map((hosts) =>
    look(hosts.flatMap((host, index) => (host ? [{ ...host, address: `10.0.0.${index}` }] : []))),
  );

/** The kind that a delta has when the looks change places. */
const MIRRORED: Readonly<Record<string, string>> = {
  'host.new': 'host gone',
  'host.down': 'host came',
  'service.opened': 'service gone',
  'service.closed': 'service came',
  'service.filtered': 'service came',
  'service.changed': 'service.changed',
};
const PLAIN: Readonly<Record<string, string>> = {
  'host.new': 'host came',
  'host.down': 'host gone',
  'service.opened': 'service came',
  'service.closed': 'service gone',
  'service.filtered': 'service gone',
  'service.changed': 'service.changed',
};
const named = (deltas: readonly Delta[], names: Readonly<Record<string, string>>) =>
  deltas.map(({ kind, subject }) => `${names[kind]} ${JSON.stringify(subject)}`).sort();

describe('the laws', () => {
  it('a look compared with itself differs in nothing', () => {
    fc.assert(
      fc.property(anyLook, (one) => {
        expect(compareSnapshots(one, one)).toEqual({
          ...{ deltas: [], held: [], onlyBefore: [], onlyAfter: [] },
        });
      }),
    );
  });

  it('what came in one direction is gone in the other', () => {
    fc.assert(
      fc.property(anyLook, anyLook, (one, other) => {
        const there = compareSnapshots(one, other);
        const back = compareSnapshots(other, one);
        expect(named(there.deltas, PLAIN)).toEqual(named(back.deltas, MIRRORED));
        expect(there.onlyBefore).toEqual(back.onlyAfter);
      }),
    );
  });

  it('covering less, hosts or ports, never adds a delta', () => {
    fc.assert(
      fc.property(
        anyLook,
        anyLook,
        fc.subarray([1, 2, 3, 4, 5]),
        fc.boolean(),
        (one, other, ports, all) => {
          const less = cover(other, ports, all ? 4 : 2);
          const whole = new Set(named(compareSnapshots(one, other).deltas, PLAIN));
          for (const delta of named(compareSnapshots(one, less).deltas, PLAIN))
            expect(whole).toContain(delta);
        },
      ),
    );
  });
});

/** The same look, had it asked only these ports of only the first hosts. */
function cover({ snapshot, ...rest }: Look, ports: readonly number[], hosts: number): Look {
  const seen = snapshot.hosts.slice(0, hosts).map((host) => {
    if (host.status === 'silent') return host;
    const kept = host.endpoints.filter(({ port }) => ports.includes(port));
    const { endpoints, covered } = buildSeen(kept, { covered: kept.map(({ port }) => port) });
    return { ...host, endpoints, covered };
  });
  return { ...rest, snapshot: { hosts: seen, uncovered: [] } };
}
