import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Finding } from '../evidence/finding.ts';
import type { HostObservation } from '../snapshot/snapshot.ts';
import type { HostBelief } from './belief.ts';
import { buildOpen, buildSeen, buildUnanswered } from './build-observation.ts';
import { decideHost, type HostDecision } from './decide-host.ts';
import type { DownAfter } from './silence-rule.ts';

const WAY = 'nmap raw standard';

/** Looks again and again, from nothing, and returns every decision. */
function look(
  sights: readonly HostObservation[],
  rule: {
    downAfter?: DownAfter;
    first?: boolean;
    ways?: readonly string[];
    findings?: readonly ReadonlyMap<string, Finding>[];
  } = {},
): HostDecision[] {
  const decisions: HostDecision[] = [];
  let belief: HostBelief | undefined;
  for (const [index, seen] of sights.entries()) {
    const decision = decideHost({
      belief,
      seen,
      rules: { downAfter: rule.downAfter ?? 3, serviceDownAfter: rule.downAfter ?? 3 },
      frame: {
        way: rule.ways?.[index] ?? WAY,
        first: index === 0 && (rule.first ?? true),
        number: index + 1,
        now: {
          scanId: `scan-${index}`,
          at: `2026-01-${String(index + 1).padStart(2, '0')}T02:00:00Z`,
        },
      },
      findings: rule.findings?.[index] ?? new Map(),
    });
    decisions.push(decision);
    belief = decision.belief;
  }
  return decisions;
}

const kindsOf = (decisions: readonly HostDecision[]) =>
  decisions.map((decision) => decision.deltas.map((delta) => delta.kind));
const statusesOf = (decisions: readonly HostDecision[]) =>
  decisions.map((decision) => decision.belief.status);

const up = buildSeen([buildOpen(22), buildOpen(80)]);
const gone = buildUnanswered();

describe('a host over successive scans', () => {
  it('is learned without a delta by the first scan of its group', () => {
    const decisions = look([up, up, up]);
    expect(statusesOf(decisions)).toEqual(['NEW', 'UP', 'UP']);
    expect(kindsOf(decisions)).toEqual([[], [], []]);
  });

  it('is new, with its services, when it appears later', () => {
    const decisions = look([gone, up]);
    expect(statusesOf(decisions)).toEqual(['ABSENT', 'NEW']);
    expect(kindsOf(decisions)).toEqual([[], ['host.new']]);
    expect(decisions[1]?.deltas[0]).toMatchObject({
      before: null,
      after: { up: true, services: [{ port: 22 }, { port: 80 }] },
    });
  });

  it('is down at the third silent scan since the first, and returns with its services compared', () => {
    const decisions = look([up, up, gone, gone, gone, gone, buildSeen([buildOpen(22)])]);
    expect(statusesOf(decisions)).toEqual([
      'NEW',
      'UP',
      'MISSED',
      'MISSED',
      'DOWN',
      'STILL_DOWN',
      'RETURNED',
    ]);
    expect(kindsOf(decisions).flat()).toEqual(['host.down', 'host.returned', 'service.closed']);
    expect(decisions[4]?.deltas[0]?.evidence).toMatchObject({
      reason: 'no-response',
      silence: { scans: 3, since: { scanId: 'scan-2', at: '2026-01-03T02:00:00Z' }, downAfter: 3 },
    });
  });

  it('is not told of when it was missed only once, and keeps its services', () => {
    const decisions = look([up, gone, up]);
    expect(statusesOf(decisions)).toEqual(['NEW', 'MISSED', 'UP']);
    expect(kindsOf(decisions).flat()).toEqual([]);
    expect(decisions[1]?.belief.services).toHaveLength(2);
  });

  it.each([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])(
    'is down exactly at the scan number N = %i',
    (downAfter) => {
      const decisions = look([up, ...Array.from({ length: 11 }, () => gone)], { downAfter });
      expect(statusesOf(decisions).indexOf('DOWN')).toBe(downAfter);
      expect(kindsOf(decisions).flat()).toEqual(['host.down']);
    },
  );

  it('is held when it was asked in another way than it last answered', () => {
    const decisions = look([up, gone, gone], {
      downAfter: 1,
      ways: [WAY, 'nmap raw {}', 'nmap raw {}'],
    });
    expect(statusesOf(decisions)).toEqual(['NEW', 'NEW', 'NEW']);
    expect(decisions[1]?.held).toBe(true);
  });

  it('that is known by its ports is held when its ports were not asked', () => {
    const silentElsewhere = buildUnanswered({ covered: { tcp: [[8080, 8080]], udp: [] } });
    const silentThere = buildUnanswered({ covered: { tcp: [[1, 1000]], udp: [] } });
    const ways = ['ports', 'ports', 'ports'];
    expect(statusesOf(look([up, silentElsewhere, silentThere], { downAfter: 1, ways }))).toEqual([
      'NEW',
      'NEW',
      'DOWN',
    ]);
  });

  it('stays removed whatever a scan still running says', () => {
    const [first] = look([up]);
    const belief = { ...(first as HostDecision).belief, status: 'REMOVED' as const };
    const question = {
      belief,
      seen: gone,
      rules: { downAfter: 1, serviceDownAfter: 1 },
      frame: { way: WAY, first: false, number: 2, now: { scanId: 's', at: 't' } },
      findings: new Map(),
    };
    expect(decideHost(question)).toEqual({ belief, deltas: [] });
  });
});

describe('a service', () => {
  it.each([
    ['opens', [buildSeen([buildOpen(22)]), up], ['service.opened']],
    ['is refused', [up, buildSeen([buildOpen(22)])], ['service.closed']],
    [
      'is prohibited',
      [
        up,
        buildSeen([
          buildOpen(22),
          buildOpen(80, { state: 'filtered', reason: 'admin-prohibited' }),
        ]),
      ],
      ['service.filtered'],
    ],
    [
      'opens on a port never covered before',
      [up, buildSeen([buildOpen(22), buildOpen(80), buildOpen(8080)], { covered: [22, 80, 8080] })],
      [],
    ],
    ['is not covered any more', [up, buildSeen([buildOpen(22)], { covered: [22] })], []],
  ])('that %s', (_what, sights, kinds) => {
    expect(kindsOf(look(sights)).flat()).toEqual(kinds);
  });

  it('that falls silent is filtered at the third silent scan, and held before', () => {
    const silent = buildSeen([
      buildOpen(22),
      buildOpen(80, { state: 'silent', reason: 'no-response' }),
    ]);
    const decisions = look([up, silent, silent, silent, silent]);
    expect(kindsOf(decisions)).toEqual([[], [], [], ['service.filtered'], []]);
    expect(decisions[2]?.belief.services).toHaveLength(2);
    expect(kindsOf(look([up, silent, silent, up, up])).flat()).toEqual([]);
    expect(kindsOf(look([up, silent, silent, up, silent, silent])).flat()).toEqual([]);
  });

  it('that was outside one port list and is back in the next makes no delta', () => {
    const narrow = buildSeen([buildOpen(22)], { covered: [22] });
    expect(kindsOf(look([up, narrow, up])).flat()).toEqual([]);
  });

  it('that changed its version is changed, and not again when version detection then times out', () => {
    const version = (text: string) =>
      buildSeen([
        buildOpen(80, {
          service: { method: 'probed', name: 'http', product: 'nginx', version: text },
        }),
      ]);
    const guessed = buildSeen([buildOpen(80, { service: { method: 'table', name: 'http' } })]);
    const decisions = look([version('1.24.0'), version('1.26.0'), guessed, version('1.26.0')]);
    expect(kindsOf(decisions)).toEqual([[], ['service.changed'], [], []]);
  });
});

/** Networks of one host: any of six ports, in any state, in a scan that covers any of them. */
const anySeen = fc
  .record({
    covered: fc.uniqueArray(fc.integer({ min: 1, max: 6 }), { minLength: 1 }),
    states: fc.array(fc.constantFrom('open', 'closed', 'filtered', 'silent'), {
      minLength: 6,
      maxLength: 6,
    }),
    up: fc.boolean(),
  })
  .map(({ covered, states, up: isUp }) => {
    if (!isUp) return buildUnanswered();
    const endpoints = covered.map((port) =>
      buildOpen(port, { state: states[port - 1] as 'open', reason: `r-${states[port - 1]}` }),
    );
    return buildSeen(endpoints, { covered });
  });
const anyPast = fc.array(anySeen, { minLength: 1, maxLength: 8 });

describe('the laws', () => {
  it('seeing the same again changes nothing', () => {
    fc.assert(
      fc.property(anyPast, anySeen, (past, seen) => {
        const decisions = look([...past, seen, seen], { downAfter: 1 });
        expect(decisions.at(-1)?.deltas).toEqual([]);
      }),
    );
  });

  it('every delta, applied to what was believed before, gives what is believed after', () => {
    fc.assert(
      fc.property(anyPast, anySeen, fc.integer({ min: 1, max: 3 }), (past, seen, downAfter) => {
        const decisions = look([...past, seen], { downAfter });
        const last = decisions.at(-1) as HostDecision;
        // What flaps is believed without being told.
        if (last.belief.unsteady.some(({ flappingSince }) => flappingSince)) return;
        const before = decisions.at(-2) as HostDecision;
        const unseen = ['ABSENT', 'ADDED'].includes(before.belief.status);
        const open = new Set(before.belief.services.map((service) => service.port));
        for (const delta of last.deltas) {
          if (delta.kind === 'host.new')
            for (const { port } of delta.after?.services ?? []) open.add(port);
          if (delta.kind === 'service.opened') open.add(delta.subject.port);
          if (delta.kind === 'service.closed' || delta.kind === 'service.filtered')
            open.delete(delta.subject.port);
        }
        const known = last.belief.services.filter(
          (service) =>
            unseen ||
            before.belief.known.tcp.some(([a, b]) => service.port >= a && service.port <= b),
        );
        expect([...open].sort()).toEqual(known.map((service) => service.port).sort());
      }),
      { numRuns: 500 },
    );
  });

  it('covering less never adds a delta', () => {
    fc.assert(
      fc.property(anyPast, anySeen, fc.subarray([1, 2, 3, 4, 5, 6]), (past, seen, kept) => {
        if (seen.status === 'silent') return;
        const ports = kept.filter((port) =>
          seen.endpoints.some((endpoint) => endpoint.port === port),
        );
        const less = buildSeen(
          seen.endpoints.filter((endpoint) => ports.includes(endpoint.port)),
          { covered: ports },
        );
        const all = kindsOf(look([...past, seen]).slice(-1)).flat();
        const fewer = kindsOf(look([...past, less]).slice(-1)).flat();
        expect(fewer.length).toBeLessThanOrEqual(all.length);
      }),
    );
  });

  it('the order of endpoints never matters', () => {
    fc.assert(
      fc.property(anyPast, anySeen, (past, seen) => {
        const turned = { ...seen, endpoints: seen.endpoints.toReversed() };
        const sorted = (decisions: HostDecision[]) =>
          (decisions.at(-1) as HostDecision).deltas
            .map((delta) => JSON.stringify(delta.subject) + delta.kind)
            .sort();
        expect(sorted(look([...past, turned]))).toEqual(sorted(look([...past, seen])));
      }),
    );
  });
});
