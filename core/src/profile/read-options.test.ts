import { describe, expect, it } from 'vitest';
import { type PortSet, parsePortSet } from '../snapshot/port-set.ts';
import { type ScanOptionsInput, scanOptions } from './options.ts';
import { readOptions } from './read-options.ts';

const asked = (tcp: string, udp = '') => ({
  tcp: parsePortSet(tcp).ports,
  udp: parsePortSet(udp).ports,
});
const NOTHING: PortSet = [];

describe('the options that a command line says', () => {
  it.each<[args: string, tcp: string, said: ScanOptionsInput]>([
    ['nmap 10.0.0.1', '1-1000', { engine: 'nmap', timing: 3 }],
    ['/usr/bin/nmap -F -T4 x', '1-100', { engine: 'nmap', tcp: { kind: 'top', count: 100 } }],
    [
      'nmap -p 22,80 -T 2 x',
      '22,80',
      { engine: 'nmap', tcp: { kind: 'list', ports: '22,80' }, timing: 2 },
    ],
    ['nmap -p- -T4 x', '1-65535', { engine: 'nmap', tcp: { kind: 'all' } }],
    [
      'nmap -A -sS -Pn -T4 x',
      '1-1000',
      {
        engine: 'nmap',
        tcpTechnique: 'syn',
        discovery: { kind: 'skip' },
        serviceDetection: true,
        osDetection: true,
        scripts: ['default'],
      },
    ],
    [
      'nmap -n -PE -PS22,443 -PA --script ssl-cert,../x --max-retries=2 --min-rate 100 -T4 x',
      '1-1000',
      {
        engine: 'nmap',
        discovery: { kind: 'probes', icmpEcho: true, tcpSynPorts: '22,443', tcpAckPorts: '80' },
        scripts: ['ssl-cert'],
        reverseDns: false,
        maxRetries: 2,
        minRate: 100,
      },
    ],
    [
      'masscan -p80 --rate 999 x',
      '80',
      { tcp: { kind: 'list', ports: '80' }, maxRate: 999, timing: 3 },
    ],
    ['', '', { tcp: { kind: 'none' }, timing: 3 }],
  ])('%s', (args, tcp, said) => {
    expect(readOptions(args, asked(tcp))).toEqual(scanOptions.parse(said));
  });

  it('names UDP ports by what the output says', () => {
    const { tcp, udp } = readOptions('nmap -sU -p U:53 x', asked('', '53'));
    expect([tcp, udp]).toEqual([{ kind: 'none' }, { kind: 'list', ports: '53' }]);
  });

  it('takes no value that a profile may not have', () => {
    const args = 'nmap -T9 -PS99999 --max-retries 99 --min-rate x --script http-* x';
    const said = readOptions(args, { tcp: NOTHING, udp: NOTHING });
    expect(said).toEqual(
      scanOptions.parse({
        engine: 'nmap',
        tcp: { kind: 'none' },
        discovery: { kind: 'probes', tcpSynPorts: '80' },
        timing: 3,
      }),
    );
  });
});
