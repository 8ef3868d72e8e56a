import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isSameService } from '../compare/service-facts.ts';
import type { Delta } from '../delta/delta.ts';
import type { HostStatus } from '../host/status.ts';
import { endpointKey } from '../snapshot/endpoint-index.ts';
import { NO_PORTS, portSetOf } from '../snapshot/port-set.ts';
import { compareMoments, type MomentComparison } from './compare-moments.ts';
import type { HostMoment } from './moment.ts';

const PORTS = [22, 80, 443];

function moment(
  status: HostStatus,
  ports: readonly number[] = [],
  { known = PORTS, ...overrides }: Partial<Omit<HostMoment, 'known'>> & { known?: number[] } = {},
): HostMoment {
  return {
    address: '10.0.0.5',
    status,
    names: [],
    known: { tcp: portSetOf(known), udp: NO_PORTS },
    services: ports.map((port) => ({ protocol: 'tcp', port, reason: 'syn-ack' })),
    ...overrides,
  };
}
const short = ({ changes, gaps }: MomentComparison) => [
  ...changes.map(({ kind, subject }) => ('port' in subject ? `${kind} ${subject.port}` : kind)),
  ...gaps.map(({ endpoint, missing, why }) => `${endpoint ?? 'host'} ${why} ${missing}`),
];

describe('compareMoments', () => {
  const nginx = { method: 'probed', name: 'http', product: 'nginx', version: '1.24.0' } as const;
  const web = (service: object) => ({
    services: [
      { protocol: 'tcp' as const, port: 80, reason: 'syn-ack', service: { ...nginx, ...service } },
    ],
  });

  it.each<[string, HostMoment | undefined, HostMoment | undefined, string[]]>([
    ['nothing is known of it', undefined, undefined, []],
    ['it is as before', moment('NEW', [22]), moment('UP', [22]), []],
    ['it is missed: believed up', moment('UP', [22]), moment('MISSED', [22]), []],
    ['it was never seen', moment('ABSENT'), moment('NEW', [22]), ['host.new']],
    ['it was new and went down', moment('ABSENT'), moment('DOWN', [22]), []],
    [
      'it went down, with its services',
      moment('UP', [22]),
      moment('STILL_DOWN', [22]),
      ['host.down'],
    ],
    [
      'it opened a port, then went down',
      moment('UP', [22]),
      moment('DOWN', [22, 80]),
      ['host.down', 'service.opened 80'],
    ],
    [
      'it came back without a service',
      moment('DOWN', [22, 80]),
      moment('RETURNED', [22]),
      ['host.returned', 'service.closed 80'],
    ],
    ['no scan had asked it', undefined, moment('NEW', [22]), ['host not-covered before']],
    [
      'it was added again, and not asked yet',
      moment('UP', [22]),
      moment('ADDED', [22]),
      ['host not-covered after'],
    ],
    [
      'it was taken out of the group',
      moment('UP', [22]),
      moment('REMOVED', [22]),
      ['host not-a-target after'],
    ],
    ['it was down when it was taken out', moment('DOWN', [22]), moment('REMOVED', [22]), []],
    [
      'a port was asked later only',
      moment('UP', [], { known: [22] }),
      moment('UP', [80]),
      ['tcp/80 not-covered before'],
    ],
    [
      'it names another product',
      moment('UP', [], web({})),
      moment('UP', [], web({ product: 'Apache' })),
      ['service.changed 80'],
    ],
    [
      'it names itself in more detail',
      moment('UP', [], web({ version: '1.24' })),
      moment('UP', [], web({})),
      [],
    ],
    [
      'it answers on any port',
      moment('UP', [22]),
      moment('UP', [22], { answersEverything: true }),
      ['host.answersEverything'],
    ],
    [
      'it is new and answers on any port',
      moment('ABSENT'),
      moment('NEW', [], { answersEverything: true }),
      ['host.answersEverything'],
    ],
  ])('%s', (_what, before, after, told) => {
    expect(short(compareMoments(before, after))).toEqual(told);
  });

  it('tells how a service ended, where that is known', () => {
    const endings = new Map([['tcp/80', { state: 'filtered', reason: 'no-response' }]] as const);
    const { changes } = compareMoments(moment('UP', [80]), moment('UP', [], { endings }));
    expect(changes).toMatchObject([
      {
        kind: 'service.filtered',
        evidence: { reason: 'no-response' },
        after: { state: 'filtered' },
      },
    ]);
  });
});

const anyStatus = fc.constantFrom<HostStatus>(
  ...([
    'ADDED',
    'ABSENT',
    'NEW',
    'UP',
    'CHANGED',
    'MISSED',
    'DOWN',
    'STILL_DOWN',
    'RETURNED',
    'REMOVED',
  ] as const),
);
const anyMoment: fc.Arbitrary<HostMoment> = fc
  .record({
    status: anyStatus,
    known: fc.subarray(PORTS),
    open: fc.subarray(PORTS),
    products: fc.array(fc.constantFrom('A', 'B'), { minLength: 3, maxLength: 3 }),
    everything: fc.boolean(),
  })
  .map(({ status, known, open, products, everything }) =>
    moment(status, [], {
      known: [...known],
      ...(everything && { answersEverything: true as const }),
      services: open
        .filter((port) => known.includes(port))
        .map((port) => ({
          protocol: 'tcp' as const,
          port,
          reason: 'syn-ack',
          service: { method: 'probed' as const, product: products[PORTS.indexOf(port)] as string },
        })),
    }),
  );
const maybe = fc.option(anyMoment, { nil: undefined });

/** The kind that a change has when time is read backwards. */
const MIRROR: Readonly<Record<string, string>> = {
  'host.new': 'host.down',
  'host.down': 'host.up',
  'host.returned': 'host.down',
  'service.opened': 'service.closed',
  'service.closed': 'service.opened',
};
const up = (kind: string) => (kind === 'host.new' || kind === 'host.returned' ? 'host.up' : kind);
const key = (kind: string, { subject }: Delta) => `${kind} ${JSON.stringify(subject)}`;

describe('the laws', () => {
  it('an instant compared with itself differs in nothing', () => {
    fc.assert(
      fc.property(maybe, (one) => {
        expect(compareMoments(one, one)).toEqual({ changes: [], gaps: [] });
      }),
    );
  });

  it('read backwards, every change and every gap is mirrored', () => {
    fc.assert(
      fc.property(maybe, maybe, (one, other) => {
        const there = compareMoments(one, other);
        const back = compareMoments(other, one);
        // A host that is new and answers on any port is told as that alone.
        const isNewEverything = (delta: Delta) =>
          delta.kind === 'host.answersEverything' && delta.before === null;
        const plain = ({ changes }: MomentComparison) =>
          changes
            .map((delta) => key(isNewEverything(delta) ? 'host.up' : up(delta.kind), delta))
            .sort();
        const mirrored = ({ changes }: MomentComparison) =>
          changes
            .map((delta) =>
              key(isNewEverything(delta) ? 'host.down' : (MIRROR[delta.kind] ?? delta.kind), delta),
            )
            .sort();
        expect(plain(there)).toEqual(mirrored(back));
        const swapped = back.gaps.map((gap) => ({
          ...gap,
          missing: gap.missing === 'before' ? 'after' : 'before',
        }));
        expect(there.gaps).toEqual(expect.arrayContaining(swapped));
        expect(there.gaps).toHaveLength(swapped.length);
      }),
      { numRuns: 2_000 },
    );
  });

  it('applied to the one, the changes give the other, but for what has a gap', () => {
    fc.assert(
      fc.property(anyMoment, anyMoment, (one, other) => {
        const { changes, gaps } = compareMoments(one, other);
        fc.pre(gaps.every(({ endpoint }) => endpoint !== undefined));
        const services = new Map(
          one.services.map((service) => [endpointKey(service), service.service]),
        );
        let isUp = false;
        for (const { kind, subject, after } of changes) {
          if (kind === 'host.new' || kind === 'host.returned') isUp = true;
          if (!('port' in subject)) continue;
          if (kind === 'service.closed') services.delete(endpointKey(subject));
          else if (after && 'service' in after) services.set(endpointKey(subject), after.service);
        }
        const seen = (status: HostStatus) => !['ADDED', 'ABSENT', 'REMOVED'].includes(status);
        fc.pre(seen(one.status) && seen(other.status));
        const open = new Set(gaps.map(({ endpoint }) => endpoint));
        for (const { protocol, port, service } of other.services) {
          const key = endpointKey({ protocol, port });
          if (!open.has(key)) expect(isSameService(services.get(key), service)).toBe(true);
          services.delete(key);
        }
        expect([...services.keys()].filter((key) => !open.has(key))).toEqual([]);
        expect(isUp).toBe(
          ['DOWN', 'STILL_DOWN'].includes(one.status) &&
            !['DOWN', 'STILL_DOWN'].includes(other.status),
        );
      }),
      { numRuns: 2_000 },
    );
  });
});
