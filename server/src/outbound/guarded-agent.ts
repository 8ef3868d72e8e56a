import { type LookupAddress, lookup as lookupBySystem } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import { Agent, buildConnector } from 'undici';
import { type Allowances, decideAddress } from './decide-address.ts';
import { OutboundRefusedError } from './outbound-error.ts';

const CONNECT_MS = 5_000;
/** So that a name is resolved, and judged, again before long. */
const IDLE_MS = 4_000;

/**
 * Connects to nothing but what is allowed, whatever the name, the redirect or the answer of its name
 * server: each connection is made to the very address that was judged.
 */
export function createGuardedAgent(
  allowances: Allowances,
  lookup: LookupFunction = lookupBySystem as LookupFunction,
): Agent {
  const connect = buildConnector({
    timeout: CONNECT_MS,
    lookup: createGuardedLookup(allowances, lookup),
  });
  return new Agent({
    keepAliveTimeout: IDLE_MS,
    keepAliveMaxTimeout: IDLE_MS,
    connect: (options, done) => {
      // Nobody looks an address up.
      const host = options.hostname.replace(/^\[|\]$/g, '');
      if (isIP(host) > 0 && !decideAddress(host, allowances)) done(refused(host), null);
      else connect(options, done);
    },
  });
}

function createGuardedLookup(allowances: Allowances, lookup: LookupFunction): LookupFunction {
  return (name, options, done) => {
    const host = name.toLowerCase().replace(/\.$/, '');
    lookup(name, { ...options, all: true }, (error, found) => {
      if (error) return done(error, '', 0);
      const all = (Array.isArray(found) ? found : []) as LookupAddress[];
      const open = allowances.hosts.includes(host)
        ? all
        : all.filter(({ address }) => decideAddress(address, allowances));
      const [first] = open;
      if (!first) return done(refused(host), '', 0);
      if (options.all) return done(null, open);
      return done(null, first.address, first.family);
    });
  };
}

function refused(host: string): OutboundRefusedError {
  return new OutboundRefusedError(
    'address-not-public',
    `${host} is at no public address, and NetDelta reaches no others for a site. Whoever runs NetDelta ` +
      'can allow it: NETDELTA_ALLOW_PRIVATE_OUTBOUND.',
  );
}
