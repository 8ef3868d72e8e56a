import { describe, expect, it } from 'vitest';
import { formatRange } from '../target/target-ranges.ts';
import { readCommand } from './read-command.ts';

const askedBy = (args: string) => readCommand(args).asked.map((range) => formatRange(range).text);

describe('the addresses that a command asked for certain', () => {
  it.each<[string, string[]]>([
    ['nmap 10.0.0.0/24', ['10.0.0.0/24']],
    ['nmap -p 22,80 -T4 -oX out.xml 10.0.0.1-20 10.1.0.1', ['10.0.0.1-10.0.0.20', '10.1.0.1']],
    ['/usr/bin/nmap -sS --reason 10.0.0.1 -v', ['10.0.0.1']],
    ['nmap --exclude 10.0.0.2,10.0.0.3 10.0.0.0/30', ['10.0.0.0/31']],
    ['nmap --exclude=10.0.0.2/31 10.0.0.0/30', ['10.0.0.0/31']],
    ['nmap -6 2001:db8::/126', ['2001:db8::/126']],
    ['nmap host.example 10.0.0.1', ['10.0.0.1']],
    ['nmap -oX 10.0.0.9 10.0.0.1', ['10.0.0.1']],
    ['nmap --dns-servers 10.0.0.53 -S 10.0.0.99 -e eth0 10.0.0.1', ['10.0.0.1']],
    ['nmap -D 10.0.0.7,ME -sI 10.0.0.8 10.0.0.1', ['10.0.0.1']],
    ['nmap --some-new-option 10.0.0.9 10.0.0.1', ['10.0.0.1']],
    ['nmap --script "http-title and not x" 10.0.0.1', ['10.0.0.1']],
    ['nmap 10.0-3.0.1 10.0.*.1', []],
    ['nmap -iL hosts.txt', []],
    ['nmap --open 10.0.0.1', []],
    ['nmap --excludefile x.txt 10.0.0.1', []],
    ['nmap --exclude 10.0.*.1 10.0.0.1', []],
    ['', []],
  ])('%s', (args, asked) => {
    expect(askedBy(args)).toEqual(asked);
  });
});

describe('the way in which a command asked', () => {
  it.each([
    ['nmap -Pn 10.0.0.1', 'ports'],
    ['connect ports=22', 'ports'],
    ['nmap 10.0.0.1', 'discovery'],
    ['nmap -PE -PA80 -sn 10.0.0.1', 'discovery -PA80 -PE'],
    ['nmap -PA80 --open -PE 10.0.0.1', 'discovery -PA80 -PE'],
    ['nmap --unprivileged 10.0.0.1', 'discovery --unprivileged'],
  ])('%s', (args, way) => {
    expect(readCommand(args).way).toBe(way);
  });
});
