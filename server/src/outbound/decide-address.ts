import ipaddr from 'ipaddr.js';

/** What may be reached although it is not public, by the configuration of the platform. */
export interface Allowances {
  /** Lower case, without a last dot: all addresses of these names may be reached. */
  readonly hosts: readonly string[];
  /** CIDRs; a single address is one of full length. */
  readonly networks: readonly string[];
}

type Parsed = ipaddr.IPv4 | ipaddr.IPv6;

/** The only IPv6 addresses that belong to the public Internet (IANA: Global Unicast). */
const PUBLIC_IPV6 = ipaddr.IPv6.parseCIDR('2000::/3');
/** Public by its number, and answered by the machine's own cloud (Azure WireServer). */
const NEIGHBOURS = new Set(['168.63.129.16']);
/** NAT64's own prefix (RFC 6052): behind it stands an IPv4 address. Local ones (64:ff9b:1::/48) are private. */
const NAT64 = ipaddr.IPv6.parseCIDR('64:ff9b::/96');

/**
 * Whether whoever configures a site may make this machine connect to an address: public ones, and
 * what the platform allows. An address that holds another one is judged by that.
 */
export function decideAddress(text: string, { networks }: Pick<Allowances, 'networks'>): boolean {
  if (!ipaddr.isValid(text)) return false;
  const address = innermost(ipaddr.parse(text));
  return isPublic(address) || networks.some((network) => contains(network, address));
}

function innermost(address: Parsed): Parsed {
  if (!(address instanceof ipaddr.IPv6)) return address;
  if (address.isIPv4MappedAddress()) return address.toIPv4Address();
  if (address.match(NAT64)) return new ipaddr.IPv4(address.toByteArray().slice(-4));
  return address;
}

/** `unicast` is what ipaddr.js calls an address of no special purpose (RFC 6890 and IANA's registries). */
function isPublic(address: Parsed): boolean {
  if (address.range() !== 'unicast' || NEIGHBOURS.has(address.toString())) return false;
  return address instanceof ipaddr.IPv4 || address.match(PUBLIC_IPV6);
}

function contains(network: string, address: Parsed): boolean {
  const [base, bits] = ipaddr.parseCIDR(network);
  return base.kind() === address.kind() && address.match([base, bits]);
}

/** Reads CIDRs, addresses and host names, with commas between them; null when one of them is neither. */
export function parseAllowances(text: string): Allowances | null {
  const parts = text
    .split(',')
    .map((part) => part.trim().toLowerCase())
    .filter((part) => part !== '');
  const hosts: string[] = [];
  const networks: string[] = [];
  for (const part of parts) {
    const network = readNetwork(part);
    if (network) networks.push(network);
    else if (isHostName(part)) hosts.push(part.replace(/\.$/, ''));
    else return null;
  }
  return { hosts, networks };
}

function readNetwork(part: string): string | null {
  const [address = '', bits] = part.split('/');
  const family = ipaddr.IPv4.isValidFourPartDecimal(address) ? 4 : address.includes(':') ? 6 : null;
  if (family === null) return null;
  const network = bits === undefined ? `${address}/${family === 4 ? 32 : 128}` : part;
  return ipaddr.isValidCIDR(network) ? network : null;
}

/** The last part of a name is no number: else it were an address in another writing. */
function isHostName(part: string): boolean {
  return /^(?:[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?\.)*[a-z](?:[a-z0-9-]*[a-z0-9])?\.?$/.test(part);
}
