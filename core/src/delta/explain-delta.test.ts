import { expect, test } from 'vitest';
import { buildProbes } from '../evidence/build-doubt.ts';
import type { Probe } from '../evidence/finding.ts';
import { buildDeltaOfHost, buildDeltaOfService, buildHostSide } from './build-delta.ts';
import type { Confirmation, Delta, Evidence } from './delta.ts';
import { explainDelta } from './explain-delta.ts';
import { DELTA_KIND_NAMES } from './kinds.ts';

const since = { scanId: 's1', at: '2026-11-22T01:00:00.000Z' };
const silent = (count: number) => Array<Probe['state']>(count).fill('silent');
const asked = (states: readonly Probe['state'][], loss = 0.19): Confirmation => ({
  prior: 1e-4,
  loss,
  probes: buildProbes(...states),
});
const silence = (scans: number, downAfter: number | 'evidence') => ({ scans, since, downAfter });
const buildDelta = (delta: Partial<Delta> & Pick<Delta, 'kind' | 'subject'>): Delta =>
  ({
    before: null,
    after: null,
    evidence: { reason: 'syn-ack', likelihood: 1 },
    ...delta,
  }) as Delta;
const down = (evidence: Evidence) => buildDeltaOfHost('host.down', { evidence });
const filtered = (evidence: Evidence) => buildDeltaOfService('service.filtered', { evidence });
const closed = (evidence: Evidence) => buildDeltaOfService('service.closed', { evidence });
const host = { address: '10.0.0.5' };
const endpoint = { ...host, protocol: 'tcp', port: 22 } as const;
const addresses = ['10.0.0.1', '10.0.0.2', '10.0.0.3', '10.0.0.4'];
const NOTHING = 'no-response';

const CASES: readonly [sentence: string, delta: Delta][] = [
  [
    'Reported because a person edited the targets of the group; no scan decided it.',
    buildDelta({ kind: 'target.added', subject: { target: '10.0.0.0/24' } }),
  ],
  [
    'Reported because a person edited the targets of the group; no scan decided it.',
    buildDelta({ kind: 'target.removed', subject: { target: '10.0.0.0/24' } }),
  ],
  [
    'Reported because it answered a ping (ICMP echo reply), and no earlier scan had seen it up: an answer counts at once.',
    buildDeltaOfHost('host.new', {
      after: buildHostSide(),
      evidence: { reason: 'echo-reply', likelihood: 1 },
    }),
  ],
  [
    'Reported because it accepted the connection (SYN-ACK), after having been silent since 22 Nov 2026, 01:00 UTC: an answer counts at once.',
    buildDeltaOfHost('host.returned', {
      evidence: { reason: 'syn-ack', silence: silence(2, 'evidence'), likelihood: 1 },
    }),
  ],
  [
    'Reported because nothing answered 9 probes over 11 s, while a live host on this path leaves 19 % of them unanswered: it is gone with a probability of 99.997 %.',
    down({
      reason: NOTHING,
      silence: silence(1, 'evidence'),
      likelihood: 0.99997,
      confirmation: asked(silent(9)),
    }),
  ],
  [
    'Reported because it was silent in 2 scans in a row, and in the last of them nothing answered 5 probes over 4.8 s, while a live endpoint on this path leaves 3 % of them unanswered: it is gone with a probability of 99.2 %.',
    filtered({
      reason: NOTHING,
      silence: silence(2, 'evidence'),
      likelihood: 0.992,
      confirmation: asked(silent(5), 0.03),
    }),
  ],
  [
    'Reported because nothing answered in 5 scans in a row, and it could not be asked again: it is gone with a probability of 99.7 %.',
    filtered({ reason: NOTHING, silence: silence(5, 'evidence'), likelihood: 0.997 }),
  ],
  ['Reported because nothing answered.', down({ reason: NOTHING })],
  [
    'Reported because nothing answered in 3 scans in a row since 22 Nov 2026, 01:00 UTC, as the rule of 3 silent scans asks for.',
    down({ reason: NOTHING, silence: silence(3, 3) }),
  ],
  [
    'Reported because nothing answered in one scan, as the rule of 1 silent scan asks for; asked again in the last of them, 5 probes over 4.8 s stayed unanswered: it is gone with a probability of 99.5 %.',
    filtered({
      reason: NOTHING,
      silence: silence(1, 1),
      likelihood: 0.995,
      confirmation: asked(silent(5)),
    }),
  ],
  [
    'Reported because nothing answered in one scan, as the rule of 1 silent scan asks for: by that alone it is gone with a probability of only 0.2 %, which leaves it unverified.',
    down({ reason: NOTHING, silence: silence(1, 1), likelihood: 0.002 }),
  ],
  [
    'Reported because it refused the connection (RST): a refusal is an answer.',
    closed({ reason: 'reset', likelihood: 1 }),
  ],
  [
    'Reported because it refused the connection (RST), and could not be asked again: it is closed with a probability of 90 %.',
    closed({ reason: 'reset', likelihood: 0.9 }),
  ],
  [
    'Reported because it refused the connection (RST) when it was asked again 0.8 s after the sweep: a refusal is an answer.',
    closed({ reason: 'reset', likelihood: 1, confirmation: asked(['silent', 'closed']) }),
  ],
  [
    'Reported because it refused the connection (RST), and then nothing answered 6 probes over 6.3 s: it is closed with a probability of 90 %.',
    closed({ reason: 'reset', likelihood: 0.9, confirmation: asked(silent(6)) }),
  ],
  [
    'Reported because a filter on the way refused (ICMP prohibited) when it was asked again 0.3 s after the sweep: a refusal is an answer.',
    filtered({ reason: 'admin-prohibited', likelihood: 1, confirmation: asked(['filtered']) }),
  ],
  [
    'Reported because it accepted the connection (SYN-ACK), and an earlier scan that asked this port had not found it open: an answer counts at once.',
    buildDeltaOfService('service.opened'),
  ],
  [
    'Reported because another service answered than the known one: what a service says of itself counts.',
    buildDeltaOfService('service.changed'),
  ],
  [
    'Reported because another service answered than the known one, but asked once more it did not say what it is: it is another with a probability of 50 %.',
    buildDeltaOfService('service.changed', { evidence: { reason: 'syn-ack', likelihood: 0.5 } }),
  ],
  [
    'Reported once because it changed 4 times within the last 21 scans; further changes are not told until it is steady.',
    buildDelta({
      kind: 'host.flapping',
      subject: host,
      after: { flapping: true, state: 'up', changes: 4 },
    }),
  ],
  [
    'Reported because it hardly changed within the last 21 scans, so that its changes are told one by one again.',
    buildDelta({
      kind: 'service.flapping',
      subject: endpoint,
      after: { flapping: false, state: 'open', changes: 1 },
    }),
  ],
  [
    'Reported as one because ports that nobody uses, chosen at random, accepted connections as well: its 1000 open ports prove nothing.',
    buildDelta({
      kind: 'host.answersEverything',
      subject: host,
      after: { answersEverything: true, openPorts: 1000 },
    }),
  ],
  [
    'Reported because 02:ab:00:00:00:01 answered here, at no other address, and not at 10.0.0.9 any more.',
    buildDelta({
      kind: 'host.moved',
      subject: host,
      before: { ...buildHostSide(), address: '10.0.0.9', identity: '02:ab:00:00:00:01' },
      after: { ...buildHostSide(), address: host.address, identity: '02:ab:00:00:00:01' },
    }),
  ],
  [
    'Reported because another host answers at its address, and it was seen nowhere in 3 scans in a row since 22 Nov 2026, 01:00 UTC: it is gone with a probability of 99 %.',
    down({ reason: 'address-taken', silence: silence(3, 3), likelihood: 0.99 }),
  ],
  [
    'Reported because ports that nobody uses do not accept connections any more, so that its services can be told again.',
    buildDelta({
      kind: 'host.answersEverything',
      subject: host,
      after: { answersEverything: false, openPorts: 2 },
    }),
  ],
  [
    'Reported as one because 4 hosts of 10.0.0.0/29 fell silent in the same scan and no live host is left there; of the first of them nothing answered 5 probes over 4.8 s, while a live host on this path leaves 3 % of them unanswered: it is gone with a probability of 99.97 %.',
    buildDelta({
      kind: 'subnet.down',
      subject: { target: '10.0.0.0/29' },
      after: { up: false, addresses },
      evidence: {
        reason: NOTHING,
        silence: silence(1, 'evidence'),
        likelihood: 0.9997,
        confirmation: asked(silent(5), 0.03),
      },
    }),
  ],
  [
    'Reported as one because 4 hosts of 10.0.0.0/29 answered again in the same scan, after having been down: an answer counts at once.',
    buildDelta({
      kind: 'subnet.returned',
      subject: { target: '10.0.0.0/29' },
      after: { up: true, addresses },
    }),
  ],
  [
    'Reported because 30 hosts fell silent at once and none of 2 sentinels answered either: the scanner or its way failed, so nothing was concluded of any host.',
    buildDelta({
      kind: 'scanner.blind',
      subject: { target: 'scanner' },
      after: { silentHosts: 30, sentinels: ['10.0.0.1', '10.0.0.2'] },
    }),
  ],
  [
    'Reported because 30 hosts fell silent at once and there was no sentinel to ask: the scanner or its way failed, so nothing was concluded of any host.',
    buildDelta({
      kind: 'scanner.blind',
      subject: { target: 'scanner' },
      after: { silentHosts: 30, sentinels: [] },
    }),
  ],
];

test.each(CASES)('%s', (sentence, delta) => {
  expect(explainDelta(delta)).toBe(sentence);
});

test('every kind is explained, in one sentence', () => {
  expect(new Set(CASES.map(([, { kind }]) => kind))).toEqual(new Set(DELTA_KIND_NAMES));
  for (const [sentence] of CASES) expect(sentence.match(/\.$/g)).toHaveLength(1);
});

test('instants are written as the reader wants them', () => {
  const delta = down({ reason: NOTHING, silence: silence(2, 2) });
  expect(explainDelta(delta, () => 'Sunday')).toContain('since Sunday, as');
});
