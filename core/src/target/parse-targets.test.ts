import { describe, expect, it } from 'vitest';
import { parseTargets } from './parse-targets.ts';

const texts = (text: string) => parseTargets(text).targets.map((target) => target.text);

describe('parseTargets reads', () => {
  it.each([
    ['10.0.0.1', ['10.0.0.1']],
    ['10.0.0.77/24', ['10.0.0.0/24']],
    ['0.0.0.0/0', ['0.0.0.0/0']],
    ['10.0.0.1/32', ['10.0.0.1']],
    ['10.0.0.1-50', ['10.0.0.1-10.0.0.50']],
    ['10.0.0.1 - 50', ['10.0.0.1-10.0.0.50']],
    ['10.0.0.1-10.0.1.50', ['10.0.0.1-10.0.1.50']],
    ['10.0.0.0-255', ['10.0.0.0/24']],
    ['2001:DB8::0:1', ['2001:db8::1']],
    ['2001:db8::5/64', ['2001:db8::/64']],
    ['2001:db8::1-2001:db8::9', ['2001:db8::1-2001:db8::9']],
    ['::/0', ['::/0']],
    ['64:ff9b::10.1.1.1', ['64:ff9b::a01:101']],
    ['Web-1.Example.COM.', ['web-1.example.com']],
    ['10-20.example.com', ['10-20.example.com']],
    ['3com.com, 3com.com', ['3com.com']],
    [
      '10.0.0.9 # printer, 300.1.1.1\r\n\r\n10.0.0.2;10.0.0.3',
      ['10.0.0.2', '10.0.0.3', '10.0.0.9'],
    ],
    ['10.0.0.0/24 10.0.0.5 10.0.0.200-10.0.1.3', ['10.0.0.0-10.0.1.3']],
    ['b.example ::1 10.0.0.1 a.example', ['10.0.0.1', '::1', 'a.example', 'b.example']],
    ['10.0.0.0/24 10.0.1.0/24', ['10.0.0.0/24', '10.0.1.0/24']],
    ['', []],
  ])('%j', (text, expected) => {
    expect(parseTargets(text).problems).toEqual([]);
    expect(texts(text)).toEqual(expected);
  });
});

describe('parseTargets refuses', () => {
  it.each([
    ['010.1.1.1', 'octal: write 10'],
    ['1', 'not a whole IPv4 address'],
    ['1.2.3', 'not a whole IPv4 address'],
    ['10.0.0.1.', 'not a whole IPv4 address'],
    ['300.1.1.1', '300 is above 255'],
    ['10.0.0.0/33', '"/33" is not a prefix length: for IPv4 write a number from /0 to /32'],
    ['10.0.0.0/255.255.255.0', 'not a prefix length'],
    ['10.0.0.0/', 'not a prefix length'],
    ['2001:db8::/129', 'from /0 to /128'],
    ['10.0.0.9-1', 'ends before it begins'],
    ['10.0.0.1-300', 'the end of the range: 300 is above 255'],
    ['10.0.0.1-', 'an address is missing'],
    ['10.0.0.1-foo', 'the end of the range'],
    ['10.0.0.1-::1', 'different IP versions'],
    ['10.0.0-3.5', 'the begin of the range'],
    ['10.0.0.*', 'wildcards'],
    ['0x7f000001', 'neither an IPv4 address nor a host name'],
    ['host.1', 'does not end in a number'],
    ['host.0x7f', 'does not end in a number'],
    ['2001:db8::g', 'not an IPv6 address'],
    ['64:ff9b::010.1.1.1', 'not an IPv6 address'],
    ['fe80::1%eth0', 'zone'],
    ['::ffff:10.0.0.1', 'as IPv4 addresses'],
    ['10.0.0.1:80', 'ports'],
    ['[::1]:80', 'brackets'],
    ['https://example.com/x', 'host name alone'],
    ['example.com/24', 'nor a host name'],
    ['-oN', 'begins or ends with "-"'],
    ['-', 'begins or ends with "-"'],
    ['web_1', 'letters, digits'],
    ['a..b', 'two dots'],
    ['$(id).example', 'letters, digits'],
    ['bücher.example', 'xn--'],
    [`${'a'.repeat(64)}.example`, '63'],
    [`${'a.'.repeat(127)}example`, '253'],
  ])('%j', (text, message) => {
    const { targets, problems } = parseTargets(text);
    expect(targets).toEqual([]);
    expect(problems).toHaveLength(1);
    expect(problems[0]?.message).toContain(message);
    expect(problems[0]?.line).toBe(1);
  });

  it('lists every problem with its line and keeps what is sound', () => {
    const { targets, problems } = parseTargets(
      '10.0.0.1, 1.2.3\n# fine\n\nweb_1 300.1.1.1\n10.0.0.2',
    );
    expect(targets.map(({ text }) => text)).toEqual(['10.0.0.1', '10.0.0.2']);
    expect(problems.map(({ line, text }) => [line, text])).toEqual([
      [1, '1.2.3'],
      [4, 'web_1'],
      [4, '300.1.1.1'],
    ]);
  });
});
