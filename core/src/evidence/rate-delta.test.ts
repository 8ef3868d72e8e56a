import { describe, expect, test } from 'vitest';
import { buildDeltaOfHost, buildDeltaOfService, buildHostSide } from '../delta/build-delta.ts';
import type { Delta, ServiceKind } from '../delta/delta.ts';
import { parsePortSet } from '../snapshot/port-set.ts';
import type { ServiceFacts } from '../snapshot/snapshot.ts';
import { DANGER_SERVICES, findDanger } from './danger-ports.ts';
import { type Gradable, gradeEvidence } from './evidence-grade.ts';
import { rateDelta } from './rate-delta.ts';

const listed = parsePortSet('23,3306').ports;
const silence = { scans: 3, since: { scanId: 's1', at: '2026-11-22T01:00:00.000Z' }, downAfter: 3 };

function buildOpened(port: number, service?: ServiceFacts, kind: ServiceKind = 'service.opened') {
  return buildDeltaOfService(kind, {
    subject: { address: '10.0.0.5', protocol: 'tcp', port },
    after: { state: 'open', reason: 'syn-ack', ...(service && { service }) },
  });
}

describe('evidence is', () => {
  test.each<[grade: string, evidence: Gradable]>([
    ['confirmed', { reason: 'reset' }],
    ['confirmed', { reason: 'echo-reply', silence }],
    ['probable', { reason: 'no-response', silence }],
    ['unverified', { reason: 'no-response' }],
    ['confirmed', { reason: 'no-response', likelihood: 0.99 }],
    ['probable', { reason: 'no-response', likelihood: 0.989 }],
    ['probable', { reason: 'no-response', likelihood: 0.5 }],
    ['unverified', { reason: 'no-response', silence, likelihood: 0.49 }],
    ['unverified', { reason: 'reset', likelihood: 1, grade: 'unverified' }],
  ])('%s: %o', (grade, evidence) => {
    expect(gradeEvidence(evidence)).toBe(grade);
  });
});

describe('danger', () => {
  const unknown: ServiceFacts = { method: 'probed', fingerprint: 'flux 9' };
  test.each<[what: string, delta: Delta, danger: ReturnType<typeof findDanger>]>([
    ['a listed port', buildOpened(23), { port: 23, why: 'listed' }],
    [
      'a listed port with another service',
      buildOpened(23, undefined, 'service.changed'),
      { port: 23, why: 'listed' },
    ],
    ['another port', buildOpened(80), null],
    ['a high port where nothing is known', buildOpened(4_444), null],
    ['a high port with a banner', buildOpened(4_444, unknown), { port: 4_444, why: 'unknown' }],
    [
      'a high port that nmap calls unknown, with a banner',
      buildOpened(4_444, { method: 'table', name: 'unknown', fingerprint: 'x' }),
      { port: 4_444, why: 'unknown' },
    ],
    [
      'a high port with a known service',
      buildOpened(8_080, { method: 'probed', name: 'http' }),
      null,
    ],
    [
      'a high port with a name from the table',
      buildOpened(8_080, { method: 'table', name: 'http-proxy' }),
      null,
    ],
    [
      'a high port without a banner',
      buildOpened(4_444, { method: 'table', name: 'unknown' }),
      null,
    ],
    ['a low port with a banner', buildOpened(1_023, unknown), null],
    [
      'a listed port that closed',
      buildDeltaOfService('service.closed', {
        subject: { address: '10.0.0.5', protocol: 'tcp', port: 23 },
        before: { state: 'open', reason: 'syn-ack' },
        after: { state: 'closed', reason: 'reset' },
      }),
      null,
    ],
    [
      'a new host with a listed port',
      buildDeltaOfHost('host.new', {
        after: buildHostSide({ services: [80, 3_306].map((port) => ({ protocol: 'tcp', port })) }),
      }),
      { port: 3_306, why: 'listed' },
    ],
    [
      'a host that is back with what it had',
      buildDeltaOfHost('host.returned', {
        after: buildHostSide({ services: [{ protocol: 'tcp', port: 23 }] }),
      }),
      null,
    ],
    ['a host that went down', buildDeltaOfHost('host.down', { before: buildHostSide() }), null],
  ])('%s', (_what, delta, danger) => {
    expect(findDanger(delta, listed)).toEqual(danger);
  });

  test('the standard list is one of ports', () => {
    const text = DANGER_SERVICES.map(({ ports }) => ports).join(',');
    expect(parsePortSet(text).problems).toEqual([]);
  });
});

test('a delta is rated by its history, its evidence and its port', () => {
  const history = { window: 35, scans: 35, last: 9, times: 1, targets: 1 };
  expect(rateDelta(buildOpened(23), history, listed)).toEqual({
    rating: 'red',
    history: { ...history, rating: 'amber', fall: null },
    evidence: 'confirmed',
    danger: { port: 23, why: 'listed' },
  });
});
