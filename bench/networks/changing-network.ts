import type { HostObservation, ServiceFacts } from '@netdelta/core/snapshot/snapshot.ts';
import { formatAddress } from '@netdelta/core/target/address-range.ts';

/** Open TCP ports that hosts have, in this order. */
const PORTS = [22, 80, 443, 25, 110, 143, 3306, 8080] as const;
const PRODUCTS = ['OpenSSH', 'nginx', 'Apache httpd', 'Postfix smtpd', 'Dovecot', 'MySQL', 'Squid'];
const ASKED = { tcp: [[1, 1000] as const, [3306, 3306] as const, [8080, 8080] as const], udp: [] };
const FIRST_ADDRESS = 0x0a000000n;
/** One host falls silent every so many nights, and is back the night after. */
const OUTAGE_EVERY = 30;

/** A network of which a part changes every night and stays so until it changes again; the same for the same numbers. */
export interface ChangingNetwork {
  /** Lets a night pass: a part of the services (0–1) becomes another version, closes, or opens again. */
  readonly pass: (changed: number) => void;
  /** What a scan sees of an address now. */
  readonly observe: (address: string) => HostObservation;
  readonly addresses: readonly string[];
}

export function createChangingNetwork(hosts: number): ChangingNetwork {
  const count = hosts * PORTS.length;
  const versions = new Uint16Array(count);
  const closed = new Uint8Array(count);
  const addresses = Array.from({ length: hosts }, (_, at) =>
    formatAddress(4, FIRST_ADDRESS + BigInt(at)),
  );
  const hostOf = new Map(addresses.map((address, at) => [address, at]));
  const random = createRandom(1);
  let night = 0;
  const observe = (address: string): HostObservation => {
    const host = hostOf.get(address) ?? 0;
    if (night % OUTAGE_EVERY === OUTAGE_EVERY - 1 && host === night % hosts)
      return unanswered(address);
    const services = PORTS.map((port, index) => ({ port, at: host * PORTS.length + index }));
    return {
      ...{ address, status: 'up', reason: 'syn-ack', names: [`host-${host}.example.net`] },
      endpoints: services
        .filter(({ at }) => closed[at] === 0)
        .map(({ port, at }) => ({
          ...{ protocol: 'tcp', port, state: 'open', reason: 'syn-ack' },
          service: describeService(at, versions[at] ?? 0),
        })),
      rest: [{ protocol: 'tcp', ports: ASKED.tcp, state: 'closed', reason: 'reset' }],
      covered: ASKED,
    };
  };
  return {
    addresses,
    observe,
    pass: (changed) => {
      night += 1;
      for (let change = 0; change < Math.round(count * changed); change += 1) {
        const at = random(count);
        if (closed[at] === 1 || random(3) === 0) closed[at] = closed[at] === 1 ? 0 : 1;
        else versions[at] = (versions[at] ?? 0) + 1;
      }
    },
  };
}

function describeService(at: number, version: number): ServiceFacts {
  const product = PRODUCTS[at % PRODUCTS.length] ?? '';
  return {
    ...{ method: 'probed', name: product.split(' ')[0]?.toLowerCase() ?? '', product },
    version: `${1 + (at % 9)}.${at % 23}.${version}`,
    ...{ extraInfo: `build ${(at * 7_919) % 1_009}`, osType: 'Linux', cpe: [`cpe:/a:${at % 7}`] },
  };
}

function unanswered(address: string): HostObservation {
  const nothing = { names: [], endpoints: [], rest: [], covered: { tcp: [], udp: [] } };
  return { ...nothing, address, status: 'silent', reason: 'no-response' };
}

/** Numbers below a limit, by a linear congruential generator (Numerical Recipes). */
function createRandom(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
}
