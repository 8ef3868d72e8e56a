import { describe, expect, test } from 'vitest';
import {
  buildDeltaOfHost,
  buildDeltaOfService,
  buildHostSide,
  buildService,
} from './build-delta.ts';
import type { Delta } from './delta.ts';
import { describeDelta } from './describe-delta.ts';
import { describeMoment } from './describe-moment.ts';

const since = { scanId: 's1', at: '2026-11-22T01:00:00.000Z' };
const silence = { scans: 3, since, downAfter: 3 };
const open = (service = buildService()) => ({ state: 'open', reason: 'syn-ack', service }) as const;
const named = buildHostSide({ names: ['db.example'] });
const ports = (...list: number[]) =>
  buildHostSide({ services: list.map((port) => ({ protocol: 'tcp', port })) });
const target = (kind: 'target.added' | 'target.removed', sides: Partial<Delta>): Delta =>
  ({
    kind,
    subject: { target: '10.0.0.0/24' },
    before: null,
    after: null,
    evidence: { reason: 'person' },
    ...sides,
  }) as Delta;

const moved = (...names: string[]): Delta => {
  const side = buildHostSide({ names });
  const identity = '02:ab:00:00:00:01';
  return {
    kind: 'host.moved',
    subject: { address: '10.0.0.9' },
    before: { ...side, address: '10.0.0.5', identity },
    after: { ...side, address: '10.0.0.9', identity },
    evidence: { reason: 'arp-response' },
  };
};

const SENTENCES: [string, Delta][] = [
  [
    '10.0.0.0/24 was added to the group (256 addresses)',
    target('target.added', { after: { addresses: 256 } }),
  ],
  ['10.0.0.0/24 was added to the group', target('target.added', { after: {} })],
  [
    '10.0.0.0/24 was removed from the group (1 address)',
    target('target.removed', { before: { addresses: 1 } }),
  ],
  [
    '10.0.0.5 is new, with no open port seen',
    buildDeltaOfHost('host.new', { after: buildHostSide() }),
  ],
  [
    '10.0.0.5 is new, with tcp/22, tcp/80 open',
    buildDeltaOfHost('host.new', { after: ports(22, 80) }),
  ],
  [
    '10.0.0.5 is new, with tcp/1, tcp/2, tcp/3, tcp/4, tcp/5 and 2 more open',
    buildDeltaOfHost('host.new', { after: ports(1, 2, 3, 4, 5, 6, 7) }),
  ],
  [
    '10.0.0.5 (db.example) went down: silent for 3 scans since 22 Nov 2026, 01:00 UTC',
    buildDeltaOfHost('host.down', { before: named, evidence: { reason: 'no-response', silence } }),
  ],
  [
    '10.0.0.5 (db.example) is up again, silent since 22 Nov 2026, 01:00 UTC',
    buildDeltaOfHost('host.returned', {
      after: named,
      evidence: { reason: 'echo-reply', silence },
    }),
  ],
  ['10.0.0.5 (printer) moved to 10.0.0.9', moved('printer')],
  ['10.0.0.5 (02:ab:00:00:00:01) moved to 10.0.0.9', moved()],
  ['10.0.0.5 is up again', buildDeltaOfHost('host.returned', { after: buildHostSide() })],
  [
    '10.0.0.5: tcp/22 opened (ssh, OpenSSH 9.2p1)',
    buildDeltaOfService('service.opened', { after: open() }),
  ],
  [
    '10.0.0.5: tcp/22 opened (ssh?)',
    buildDeltaOfService('service.opened', { after: open({ method: 'table', name: 'ssh' }) }),
  ],
  [
    '10.0.0.5: tcp/22 opened',
    buildDeltaOfService('service.opened', { after: { state: 'open', reason: 'syn-ack' } }),
  ],
  [
    '10.0.0.5: tcp/22 closed (was ssh, OpenSSH 9.2p1)',
    buildDeltaOfService('service.closed', { before: open() }),
  ],
  [
    '10.0.0.5: tcp/22 no longer answers: silent for 3 scans since 22 Nov 2026, 01:00 UTC (was ssh, OpenSSH 9.2p1)',
    buildDeltaOfService('service.filtered', {
      before: open(),
      evidence: { reason: 'no-response', silence },
    }),
  ],
  [
    '10.0.0.5: tcp/22 is now filtered (admin-prohibited; was ssh, OpenSSH 9.2p1)',
    buildDeltaOfService('service.filtered', {
      before: open(),
      evidence: { reason: 'admin-prohibited' },
    }),
  ],
  [
    '10.0.0.5: udp/53 changed from dnsmasq 2.89 to dnsmasq 2.90',
    buildDeltaOfService('service.changed', {
      subject: { address: '10.0.0.5', protocol: 'udp', port: 53 },
      before: open(buildService({ name: 'domain', product: 'dnsmasq', version: '2.89' })),
      after: open(buildService({ name: 'domain', product: 'dnsmasq', version: '2.90' })),
    }),
  ],
  [
    '10.0.0.5: tcp/22 changed from http to ssl/http',
    buildDeltaOfService('service.changed', {
      before: open({ method: 'probed', name: 'http' }),
      after: open({ method: 'probed', name: 'http', tunnel: 'ssl' }),
    }),
  ],
  [
    '10.0.0.5: tcp/22 changed from ssh, OpenSSH 9.2p1 (Debian 2) to ssh, OpenSSH 9.2p1 (Debian 3)',
    buildDeltaOfService('service.changed', {
      before: open(buildService({ extraInfo: 'Debian 2' })),
      after: open(buildService({ extraInfo: 'Debian 3' })),
    }),
  ],
  [
    '10.0.0.5: tcp/22 changed from an unknown service to OpenSSH 9.2p1',
    buildDeltaOfService('service.changed', {
      before: open({ method: 'probed' }),
      after: open(),
    }),
  ],
];

test.each(SENTENCES)('%s', (sentence, delta) => {
  expect(describeDelta(delta)).toBe(sentence);
});

describe('describeMoment', () => {
  test('writes the same instant in the zone of the site, which names it', () => {
    expect(describeMoment('2026-11-24T01:00:00Z', 'Europe/Berlin')).toBe('24 Nov 2026, 02:00 CET');
    expect(describeMoment('2026-07-24T01:00:00Z', 'Europe/Berlin')).toBe('24 Jul 2026, 03:00 CEST');
  });

  test('is what a sentence uses when told so', () => {
    const delta = buildDeltaOfHost('host.down', { evidence: { reason: 'no-response', silence } });
    expect(describeDelta(delta, () => 'yesterday')).toContain('since yesterday');
  });
});
