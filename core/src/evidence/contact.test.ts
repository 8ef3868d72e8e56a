import { expect, it, test } from 'vitest';
import { buildOpen, buildSeen } from '../host/build-observation.ts';
import { NO_PORTS } from '../snapshot/port-set.ts';
import type { HostObservation } from '../snapshot/snapshot.ts';
import { type Contact, decideContacts, endpointOf } from './contact.ts';

const pingOnly = buildSeen([], { covered: [], rest: [] });
const rejecting = buildSeen([buildOpen(22)]);
const filtering = buildSeen([buildOpen(443)], { reason: 'syn-ack', rest: [] });

test.each<[string, readonly Contact[], HostObservation, readonly Contact[]]>([
  ['a host that answers ping alone', [], pingOnly, ['icmp']],
  ['a host of all kinds: open ports first', [], rejecting, ['tcp/22', 'icmp', 'tcp/80']],
  ['a host that drops the rest', [], filtering, ['tcp/443']],
  ['on the local network', [], { ...pingOnly, reason: 'arp-response' }, ['arp']],
  ['known ways of which one answered', ['tcp/22', 'tcp/99'], rejecting, ['tcp/22', 'tcp/99']],
  [
    'known ways of which some were asked in vain',
    ['tcp/22', 'tcp/8080'],
    buildSeen([buildOpen(22), buildOpen(8080, { state: 'silent', reason: 'no-response' })], {
      covered: [22, 8080],
      rest: [],
    }),
    ['tcp/22', 'icmp'],
  ],
  ['known ways of which none answered', ['tcp/443'], pingOnly, ['icmp']],
  [
    'a look that shows no way',
    ['tcp/443'],
    { ...filtering, endpoints: [], covered: { tcp: NO_PORTS, udp: NO_PORTS } },
    ['tcp/443'],
  ],
])('%s', (_what, known, seen, contacts) => {
  expect(decideContacts(known, seen)).toEqual(contacts);
});

it('an endpoint is read back from its contact', () => {
  expect(endpointOf('udp/53')).toEqual({ protocol: 'udp', port: 53 });
  expect([endpointOf('icmp'), endpointOf('arp')]).toEqual([undefined, undefined]);
});
