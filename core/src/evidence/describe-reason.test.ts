import { expect, test } from 'vitest';
import { describeContact, describeReason, signOf } from './describe-reason.ts';

test.each([
  ['reset', 'it refused the connection (RST)', 'RST'],
  ['no-response', 'nothing answered', 'no-response'],
  ['proto-response', 'proto-response', 'proto-response'],
])('%s is put into words; what nobody has put into words stays as it is', (reason, words, sign) => {
  expect(describeReason(reason)).toBe(words);
  expect(signOf(reason)).toBe(sign);
});

test.each([
  ['icmp', 'ping (ICMP echo)'],
  ['arp', 'ARP'],
  ['tcp/22', 'TCP connect to port 22'],
  ['udp/53', 'UDP to port 53'],
] as const)('%s is a way of asking', (contact, words) => {
  expect(describeContact(contact)).toBe(words);
});
