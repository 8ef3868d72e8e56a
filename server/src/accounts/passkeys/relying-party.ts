import { isIP } from 'node:net';
import type { FastifyRequest } from 'fastify';
import { RequestProblem } from '../../http/request-problem.ts';

/** For whom passkeys are made: Web Authentication's relying party. */
export interface RelyingParty {
  /** The RP ID. */
  readonly hostName: string;
  readonly origin: string;
}

interface Obstacle {
  /** Why there can be no passkeys at this address, and what helps. */
  readonly obstacle: string;
}

const LOCAL = 'localhost';

/**
 * The relying party of NETDELTA_PUBLIC_URL. Without one only `localhost` can be one: any other name
 * needs https, which only a proxy brings, and a name that a request claims is not believed.
 */
export function findRelyingParty(
  publicUrl: URL | null,
  { hostname, host, protocol }: Pick<FastifyRequest, 'hostname' | 'host' | 'protocol'>,
): RelyingParty | Obstacle {
  if (publicUrl) return judgePublic(publicUrl);
  if (hostname === LOCAL) return { hostName: LOCAL, origin: `${protocol}://${host}` };
  const port = host.slice(hostname.length);
  const why = isAddress(hostname)
    ? `${hostname} is an address`
    : `this server was not told that it is reached as ${hostname}`;
  const local = isLoopback(hostname) ? `Open http://${LOCAL}${port}/ instead, or let` : 'Let';
  return {
    obstacle: `A passkey belongs to a host name that is reached by https, or to ${LOCAL}; ${why}. ${local} whoever runs NetDelta put it behind https and set NETDELTA_PUBLIC_URL.`,
  };
}

/** @throws RequestProblem 409 where the address allows no passkeys */
export function requireRelyingParty(
  publicUrl: URL | null,
  request: Pick<FastifyRequest, 'hostname' | 'host' | 'protocol'>,
): RelyingParty {
  const party = findRelyingParty(publicUrl, request);
  if ('obstacle' in party) throw new RequestProblem(409, 'no-passkeys-here', party.obstacle);
  return party;
}

function judgePublic({ hostname: hostName, protocol, origin, host }: URL): RelyingParty | Obstacle {
  if (isAddress(hostName))
    return {
      obstacle: `A passkey belongs to a host name, and NETDELTA_PUBLIC_URL has the address ${hostName}. Let whoever runs NetDelta give it a name.`,
    };
  if (protocol !== 'https:' && hostName !== LOCAL)
    return {
      obstacle: `Passkeys need https, and NETDELTA_PUBLIC_URL begins with http://${host}. Let whoever runs NetDelta put it behind https.`,
    };
  return { hostName, origin };
}

/** URLs have IPv6 addresses in brackets. */
function isAddress(hostname: string): boolean {
  return isIP(hostname.replaceAll(/[[\]]/g, '')) !== 0;
}

function isLoopback(hostname: string): boolean {
  return hostname.startsWith('127.') || hostname === '[::1]';
}
