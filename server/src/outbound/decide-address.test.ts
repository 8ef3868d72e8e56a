import { describe, expect, it } from 'vitest';
import { decideAddress, parseAllowances } from './decide-address.ts';

const NONE = { networks: [] };

describe('an address', () => {
  it.each([
    ['8.8.8.8', true],
    ['1.1.1.1', true],
    ['172.15.255.255', true],
    ['172.32.0.0', true],
    ['192.167.255.255', true],
    ['100.63.255.255', true],
    ['100.128.0.0', true],
    ['2606:4700:4700::1111', true],
    ['::ffff:8.8.8.8', true],
    ['64:ff9b::8.8.8.8', true],
    // This machine, this network.
    ['127.0.0.1', false],
    ['127.255.255.254', false],
    ['0.0.0.0', false],
    ['0.1.2.3', false],
    ['::1', false],
    ['::', false],
    // Private, shared by providers (CGNAT), link-local with the clouds' metadata.
    ['10.0.0.1', false],
    ['172.16.0.1', false],
    ['172.31.255.255', false],
    ['192.168.1.1', false],
    ['100.64.0.1', false],
    ['100.100.100.200', false],
    ['169.254.169.254', false],
    ['169.254.170.2', false],
    ['168.63.129.16', false],
    ['192.0.0.192', false],
    ['fc00::1', false],
    ['fd00:ec2::254', false],
    ['fe80::1', false],
    ['fec0::1', false],
    // Many at once, reserved, for documents and measurements.
    ['224.0.0.1', false],
    ['239.255.255.255', false],
    ['240.0.0.1', false],
    ['255.255.255.255', false],
    ['ff02::1', false],
    ['192.0.2.1', false],
    ['198.18.0.1', false],
    ['198.51.100.1', false],
    ['203.0.113.1', false],
    ['192.88.99.1', false],
    ['2001:db8::1', false],
    ['3fff::1', false],
    ['100::1', false],
    ['4000::1', false],
    ['5f00::1', false],
    // IPv4 within IPv6: mapped, compatible, translated, NAT64, 6to4, Teredo.
    ['::ffff:127.0.0.1', false],
    ['::ffff:7f00:1', false],
    ['::ffff:169.254.169.254', false],
    ['::127.0.0.1', false],
    ['::ffff:0:127.0.0.1', false],
    ['64:ff9b::127.0.0.1', false],
    ['64:ff9b::a9fe:a9fe', false],
    ['64:ff9b:1::10.0.0.1', false],
    ['2002:7f00:1::', false],
    ['2001:0:7f00:1::', false],
    // No address.
    ['', false],
    ['localhost', false],
  ])('%s is public: %s', (address, expected) => {
    expect(decideAddress(address, NONE)).toBe(expected);
  });

  it.each([
    ['10.1.2.3', '10.1.0.0/16', true],
    ['10.2.0.1', '10.1.0.0/16', false],
    ['::ffff:10.1.2.3', '10.1.0.0/16', true],
    ['127.0.0.1', '127.0.0.1', true],
    ['127.0.0.2', '127.0.0.1', false],
    ['fd00::5', 'fd00::/64', true],
    ['10.1.2.3', 'fd00::/64', false],
    ['fd00::5', '0.0.0.0/0', false],
  ])('%s is allowed by %s: %s', (address, allowed, expected) => {
    const allowances = parseAllowances(allowed);
    expect(allowances && decideAddress(address, allowances)).toBe(expected);
  });
});

describe('allowances', () => {
  it('are CIDRs, addresses and names', () => {
    expect(parseAllowances(' 10.0.0.0/8, ::1 ,Login.Example.ORG., localhost ,')).toEqual({
      hosts: ['login.example.org', 'localhost'],
      networks: ['10.0.0.0/8', '::1/128'],
    });
  });

  it.each([
    '10.0.0.0/33',
    '010.0.0.0/8',
    '0x7f000001',
    '2130706433',
    '*',
    'a b',
    'http://x',
    '/8',
    '-x',
  ])('are not %s', (text) => {
    expect(parseAllowances(text)).toBeNull();
  });
});
