import { isIPv6 } from 'node:net';
import type { FastifyRequest } from 'fastify';

/**
 * The client's address: of the connection, or as a trusted proxy names it (NETDELTA_TRUSTED_PROXIES).
 * IPv4 is written as IPv4 also where a socket for both shows `::ffff:192.0.2.1`.
 */
export function addressOf({ ip }: Pick<FastifyRequest, 'ip'>): string {
  return ip.replace(/^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/i, '');
}

/** What one person has: an IPv4 address, or all of a /64 of IPv6, written as its four first groups. */
export function networkOf(address: string): string {
  const bare = address.replace(/%.*$/, '');
  if (!isIPv6(bare)) return address;
  const [head = '', tail] = new URL(`http://[${bare}]`).hostname.slice(1, -1).split('::');
  const groups = head === '' ? [] : head.split(':');
  const after = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = Array<string>(8 - groups.length - after.length).fill('0');
  return [...groups, ...zeros, ...after].slice(0, 4).join(':');
}
