import { describe, expect, it } from 'vitest';
import { buildOpen, buildSeen, buildUnanswered } from '../host/build-observation.ts';
import { indexEndpoints } from '../snapshot/endpoint-index.ts';
import type { HostObservation } from '../snapshot/snapshot.ts';
import { buildDoubt, buildFinding, buildHostDoubt, buildProbes } from './build-doubt.ts';
import { listRevived, replaceHosts, settleSnapshot, uncoverDoubts, voidSilence } from './settle.ts';

const snapshot = (...hosts: HostObservation[]) => ({ hosts, uncovered: [] });
const silentPort = buildOpen(80, { state: 'silent', reason: 'no-response' });
const stateOf = (host: HostObservation | undefined, port: number) =>
  host && indexEndpoints(host)({ protocol: 'tcp', port })?.state;

describe('settleSnapshot', () => {
  it('observes an endpoint as it answered when it was asked again', () => {
    const seen = snapshot(buildSeen([buildOpen(22), silentPort]));
    const answer = { state: 'open', reason: 'syn-ack' } as const;
    const refuted = buildFinding({ outcome: 'refuted', answer });
    const closed = buildFinding({ answer: { state: 'closed', reason: 'conn-refused' } });
    expect(stateOf(settleSnapshot(seen, [refuted]).hosts[0], 80)).toBe('open');
    expect(stateOf(settleSnapshot(seen, [closed]).hosts[0], 80)).toBe('closed');
    expect(settleSnapshot(seen, [buildFinding()])).toBe(seen);
  });

  it('brings back a host that answered, covering what answered and no more', () => {
    const finding = buildFinding({
      doubt: buildHostDoubt(),
      outcome: 'refuted',
      probes: buildProbes('silent', 'open'),
      answer: { state: 'open', reason: 'syn-ack' },
    });
    const [host] = settleSnapshot(snapshot(buildUnanswered()), [finding]).hosts;
    expect(host).toMatchObject({ status: 'up', covered: { tcp: [[80, 80]], udp: [] } });
    const whole = buildSeen([buildOpen(22)]);
    expect(settleSnapshot(snapshot(whole), [finding]).hosts[0]).toBe(whole);
  });

  it('lets a service be what it was, unless hearing it again confirmed another', () => {
    const heard = buildOpen(80, { service: { method: 'probed', name: 'http', product: 'B' } });
    const doubt = buildDoubt({ kind: 'replaced' });
    const settled = (outcome: 'refuted' | 'confirmed') =>
      settleSnapshot(snapshot(buildSeen([heard])), [buildFinding({ doubt, outcome, probes: [] })])
        .hosts[0]?.endpoints[0]?.service;
    expect(settled('refuted')).toBeUndefined();
    expect(settled('confirmed')).toEqual(heard.service);
  });
});

describe('voidSilence', () => {
  it('keeps what answered, and covers nothing else', () => {
    const seen = snapshot(
      buildSeen([buildOpen(22), silentPort], { covered: [22, 80, 443] }),
      buildUnanswered({ address: '10.0.0.9' }),
    );
    const { hosts, uncovered } = voidSilence(seen, 'scanner-blind');
    expect(uncovered).toEqual([{ address: '10.0.0.9', reason: 'scanner-blind' }]);
    expect([22, 80, 443].map((port) => stateOf(hosts[0], port))).toEqual([
      'open',
      'closed',
      'closed',
    ]);
  });
});

it('what is in doubt and could not be asked again is not covered', () => {
  const seen = snapshot(buildSeen([buildOpen(22)], { covered: [22, 80, 443] }));
  const doubt = buildDoubt({ kind: 'refused' });
  const [host] = uncoverDoubts(seen, [doubt]).hosts;
  expect([22, 80, 443].map((port) => stateOf(host, port))).toEqual(['open', undefined, 'closed']);
  expect(uncoverDoubts(seen, [buildHostDoubt()]).hosts).toEqual(seen.hosts);
});

it('hosts that answered only later are to be swept, and then seen as that sweep saw them', () => {
  const seen = snapshot(buildUnanswered());
  const finding = buildFinding({ doubt: buildHostDoubt(), outcome: 'refuted' });
  expect(listRevived([finding, buildFinding()], seen)).toEqual(['10.0.0.5']);
  const again = buildSeen([buildOpen(22)]);
  expect(replaceHosts(seen, [again]).hosts).toEqual([again]);
  expect(replaceHosts(seen, [buildUnanswered()])).toEqual(seen);
});
