import type { FastifyRequest } from 'fastify';

/**
 * The client's address: of the connection, or as a trusted proxy names it (NETDELTA_TRUSTED_PROXIES).
 * IPv4 is written as IPv4 also where a socket for both shows `::ffff:192.0.2.1`.
 */
export function addressOf({ ip }: Pick<FastifyRequest, 'ip'>): string {
  return ip.replace(/^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/i, '');
}
