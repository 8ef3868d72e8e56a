import { expect, it } from 'vitest';
import { discoveryWay } from './discovery-way.ts';
import { type ScanOptionsInput, scanOptions } from './options.ts';

const echo = { kind: 'probes', icmpEcho: true } as const;
const syn = { kind: 'probes', tcpSynPorts: '22' } as const;

it.each<[string, boolean, ScanOptionsInput, string]>([
  ['connect', false, {}, 'ports'],
  ['connect', true, {}, 'connect raw standard'],
  ['connect', true, { discovery: { kind: 'skip' } }, 'ports'],
  ['connect', true, { discovery: syn }, 'ports'],
  ['connect', false, { discovery: echo }, 'ports'],
  ['nmap', true, {}, 'nmap raw standard'],
  ['nmap', false, {}, 'nmap unprivileged standard'],
  ['nmap', true, { discovery: { kind: 'skip' } }, 'ports'],
])('the way of %s, privileged: %s, with %o is %s', (name, privileged, input, way) => {
  expect(discoveryWay(scanOptions.parse(input), { name, privileged })).toBe(way);
});

it('tells chosen probes, and who sends them, apart', () => {
  const way = (name: string, discovery: ScanOptionsInput['discovery']) =>
    discoveryWay(scanOptions.parse({ discovery }), { name, privileged: true });
  const both = { ...echo, icmpTimestamp: true } as const;
  const ways = [way('connect', echo), way('nmap', echo), way('connect', both), way('nmap', both)];
  expect(new Set(ways).size).toBe(4);
});
