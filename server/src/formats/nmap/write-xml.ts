import {
  countPorts,
  formatPortSet,
  NO_PORTS,
  type PortSet,
  unionPorts,
} from '@netdelta/core/snapshot/port-set.ts';
import type {
  EndpointGroup,
  EndpointObservation,
  HostObservation,
  PortState,
  ScriptOutput,
  ServiceFacts,
  Snapshot,
} from '@netdelta/core/snapshot/snapshot.ts';
import { attributes, xmlText } from './xml-text.ts';

/** A scan as its XML tells it. Times are whole seconds since 1970. */
export interface WrittenScan {
  readonly scanner: string;
  readonly version: string;
  /** The command line, addresses left out. */
  readonly args: string;
  readonly start: number;
  readonly end: number;
  /** Whether all was finished; otherwise nothing may be concluded from what is missing. */
  readonly finished: boolean;
  readonly snapshot: Snapshot;
}

const PROTOCOLS = ['tcp', 'udp'] as const;

/**
 * Writes a scan in the form of nmap's XML (nmap.dtd, 1.05), in pieces; readNmapXml reads the same
 * hosts back. All hosts of one scan were asked the same ports, which stand once, in `<scaninfo>`.
 * Of what was not finished only time-outs have a form in it; the rest is left out.
 */
export function* writeScanXml(scan: WrittenScan): Generator<string> {
  const { snapshot, scanner, version, args, start, end, finished } = scan;
  const { hosts, uncovered } = snapshot;
  yield `<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE nmaprun>\n`;
  yield `<nmaprun${attributes({ scanner, args, start, version, xmloutputversion: '1.05' })}>\n`;
  for (const protocol of PROTOCOLS) yield scanInfo(protocol, hosts);
  yield '<verbose level="1"/>\n<debugging level="0"/>\n';
  for (const host of hosts) yield writeHost(host);
  for (const { address, reason } of uncovered)
    if (reason === 'host-timeout')
      yield `<host timedout="true">${status('up', 'user-set')}${addressTag(address)}</host>\n`;
  const up = hosts.filter((host) => host.status === 'up').length;
  const exit = finished ? { exit: 'success' } : { exit: 'error', errormsg: 'not all was finished' };
  const total = hosts.length + uncovered.length;
  yield `<runstats><finished${attributes({ time: end, elapsed: end - start, ...exit })}/>`;
  yield `<hosts${attributes({ up, down: total - up, total })}/></runstats>\n</nmaprun>\n`;
}

function scanInfo(protocol: 'tcp' | 'udp', hosts: readonly HostObservation[]): string {
  // A set of texts first: the hosts of one scan nearly always share one list.
  const lists = new Map(hosts.map(({ covered }) => [formatPortSet(covered[protocol]), covered]));
  const ports = [...lists.values()].reduce<PortSet>(
    (all, covered) => unionPorts(all, covered[protocol]),
    NO_PORTS,
  );
  if (ports.length === 0) return '';
  const type = protocol === 'udp' ? 'udp' : 'connect';
  const services = formatPortSet(ports);
  return `<scaninfo${attributes({ type, protocol, numservices: countPorts(ports), services })}/>\n`;
}

function writeHost(host: HostObservation): string {
  const { address, names, mac, macVendor, os, scripts = [] } = host;
  const parts = [
    statusOf(host),
    addressTag(address),
    mac ? `<address${attributes({ addr: mac, addrtype: 'mac', vendor: macVendor })}/>` : '',
    `<hostnames>${names.map((name) => `<hostname${attributes({ name, type: 'PTR' })}/>`).join('')}</hostnames>`,
    asksPorts(host)
      ? `<ports>${host.rest.map(extra).join('')}${host.endpoints.map(port).join('')}</ports>`
      : '',
    os ? `<os><osmatch${attributes({ name: os, accuracy: 100, line: 0 })}/></os>` : '',
    scripts.length > 0 ? `<hostscript>${scripts.map(script).join('')}</hostscript>` : '',
  ];
  return `<host>${parts.join('')}</host>\n`;
}

function asksPorts({ covered }: HostObservation): boolean {
  return PROTOCOLS.some((protocol) => covered[protocol].length > 0);
}

/** Silent with its ports asked is what nmap calls up by the user's word (-Pn). */
function statusOf(host: HostObservation): string {
  if (host.status === 'up') return status('up', host.reason);
  return asksPorts(host) ? status('up', 'user-set') : status('down', host.reason);
}

function status(state: string, reason: string): string {
  return `<status${attributes({ state, reason, reason_ttl: 0 })}/>`;
}

function addressTag(addr: string): string {
  return `<address${attributes({ addr, addrtype: addr.includes(':') ? 'ipv6' : 'ipv4' })}/>`;
}

function extra({ protocol, ports, state, reason }: EndpointGroup): string {
  const count = countPorts(ports);
  const why = { reason, count, proto: protocol, ports: formatPortSet(ports) };
  const word = stateWord(state, reason);
  return `<extraports${attributes({ state: word, count })}><extrareasons${attributes(why)}/></extraports>`;
}

/** nmap says `filtered` of silence as well; what was silent for another reason is `unknown`. */
function stateWord(state: PortState, reason: string): string {
  if (state !== 'silent') return state;
  return reason === 'no-response' ? 'filtered' : 'unknown';
}

function port({
  protocol,
  port: portid,
  state,
  reason,
  service,
  scripts = [],
}: EndpointObservation) {
  const word = attributes({ state: stateWord(state, reason), reason, reason_ttl: 0 });
  const inner = `<state${word}/>${service ? serviceTag(service) : ''}${scripts.map(script).join('')}`;
  return `<port${attributes({ protocol, portid })}>${inner}</port>`;
}

function serviceTag(service: ServiceFacts): string {
  const all = attributes({
    name: service.name ?? '',
    product: service.product,
    version: service.version,
    extrainfo: service.extraInfo,
    tunnel: service.tunnel,
    hostname: service.hostName,
    ostype: service.osType,
    devicetype: service.deviceType,
    servicefp: service.fingerprint && writeFingerprint(service.fingerprint),
    method: service.method,
    conf: service.method === 'probed' ? 10 : 3,
  });
  const cpe = (service.cpe ?? []).map((text) => `<cpe>${xmlText(text)}</cpe>`).join('');
  return `<service${all}>${cpe}</service>`;
}

/** The first answer in the notation of nmap's service fingerprints. */
function writeFingerprint(text: string): string {
  const escaped = text.replace(/"|\\(?![a-z0-9])/gi, '\\$&');
  return `SF:%r(NULL,${text.length.toString(16).toUpperCase()},"${escaped}")`;
}

function script({ id, output }: ScriptOutput): string {
  return `<script${attributes({ id, output })}/>`;
}
