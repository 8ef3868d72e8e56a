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
  PortCoverage,
  PortState,
  Protocol,
  ScriptOutput,
  ServiceFacts,
  Snapshot,
} from '@netdelta/core/snapshot/snapshot.ts';
import { attributes, xmlText } from './xml-text.ts';

/** A scan as the heading of its XML tells it. Times are whole seconds since 1970. */
export interface WrittenRun {
  readonly scanner: string;
  readonly version: string;
  /** The command line, addresses left out. */
  readonly args: string;
  readonly start: number;
  readonly end: number;
  /** Whether all was finished; otherwise nothing may be concluded from what is missing. */
  readonly finished: boolean;
}

export interface WrittenScan extends WrittenRun {
  readonly snapshot: Snapshot;
}

const PROTOCOLS = ['tcp', 'udp'] as const;

/**
 * Writes a scan in the form of nmap's XML (nmap.dtd, 1.05), in pieces; readNmapXml reads the same
 * hosts back. All hosts of one scan were asked the same ports, which stand once, in `<scaninfo>`.
 * Of what was not finished only time-outs have a form in it; the rest is left out.
 */
export function* writeScanXml(scan: WrittenScan): Generator<string> {
  const { hosts, uncovered } = scan.snapshot;
  yield writeXmlHead(scan, { tcp: unionCovered('tcp', hosts), udp: unionCovered('udp', hosts) });
  for (const host of hosts) yield writeXmlHost(host);
  for (const { address, reason } of uncovered)
    if (reason === 'host-timeout')
      yield `<host timedout="true">${status('up', 'user-set')}${addressTag(address)}</host>\n`;
  const up = hosts.filter((host) => host.status === 'up').length;
  yield writeXmlEnd(scan, { up, total: hosts.length + uncovered.length });
}

/** What stands before the first host. `asked`: the ports that every host was asked, for `<scaninfo>`. */
export function writeXmlHead(run: WrittenRun, asked: PortCoverage): string {
  const { scanner, version, args, start } = run;
  const own = attributes({ scanner, args, start, version, xmloutputversion: '1.05' });
  return [
    `<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE nmaprun>\n`,
    `<nmaprun${own}>\n`,
    ...PROTOCOLS.map((protocol) => scanInfo(protocol, asked[protocol])),
    '<verbose level="1"/>\n<debugging level="0"/>\n',
  ].join('');
}

/** What stands after the last host. */
export function writeXmlEnd(
  { start, end, finished }: WrittenRun,
  { up, total }: { readonly up: number; readonly total: number },
): string {
  const exit = finished ? { exit: 'success' } : { exit: 'error', errormsg: 'not all was finished' };
  const run = attributes({ time: end, elapsed: end - start, ...exit });
  const hosts = attributes({ up, down: total - up, total });
  return `<runstats><finished${run}/><hosts${hosts}/></runstats>\n</nmaprun>\n`;
}

function unionCovered(protocol: Protocol, hosts: readonly HostObservation[]): PortSet {
  // A set of texts first: the hosts of one scan nearly always share one list.
  const lists = new Map(hosts.map(({ covered }) => [formatPortSet(covered[protocol]), covered]));
  return [...lists.values()].reduce<PortSet>(
    (all, covered) => unionPorts(all, covered[protocol]),
    NO_PORTS,
  );
}

function scanInfo(protocol: Protocol, ports: PortSet): string {
  if (ports.length === 0) return '';
  const type = protocol === 'udp' ? 'udp' : 'connect';
  const services = formatPortSet(ports);
  return `<scaninfo${attributes({ type, protocol, numservices: countPorts(ports), services })}/>\n`;
}

/** One host, with all that was seen of it. */
export function writeXmlHost(host: HostObservation): string {
  const { address, names, mac, macVendor, os, scripts = [] } = host;
  const parts = [
    statusOf(host),
    addressTag(address),
    mac ? `<address${attributes({ addr: mac, addrtype: 'mac', vendor: macVendor })}/>` : '',
    `<hostnames>${names.map((name) => `<hostname${attributes({ name, type: 'PTR' })}/>`).join('')}</hostnames>`,
    asksPorts(host)
      ? `<ports>${extras(host.rest)}${host.endpoints.map(port).join('')}</ports>`
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

/** One element a state, as nmap has it: ndiff takes no second one. */
function extras(rest: readonly EndpointGroup[]): string {
  const byState = Map.groupBy(rest, ({ state, reason }) => stateWord(state, reason));
  return [...byState].map(([state, groups]) => extraTag(state, groups)).join('');
}

function extraTag(state: string, groups: readonly EndpointGroup[]): string {
  const count = groups.reduce((sum, { ports }) => sum + countPorts(ports), 0);
  const reasons = groups.map(({ protocol, ports, reason }) => {
    const why = { reason, count: countPorts(ports), proto: protocol, ports: formatPortSet(ports) };
    return `<extrareasons${attributes(why)}/>`;
  });
  return `<extraports${attributes({ state, count })}>${reasons.join('')}</extraports>`;
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
