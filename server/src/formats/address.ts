import { isIP, SocketAddress } from 'node:net';

/**
 * The canonical text of an IPv4 or IPv6 literal (RFC 5952 for IPv6), or null when the text is
 * anything else: a host name can never get past here, so it can never become an option.
 */
export function canonicalAddress(text: string): string | null {
  if (isIP(text) === 0 || text.includes('%')) return null;
  if (isIP(text) === 4) return text;
  return new SocketAddress({ address: text, family: 'ipv6' }).address;
}
