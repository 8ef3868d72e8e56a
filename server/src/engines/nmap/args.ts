import type { PortChoice, ScanOptions } from '@netdelta/core/profile/options.ts';
import { isOneScript, listAllowedScripts } from '@netdelta/core/profile/scripts.ts';
import { formatPortSet, type PortSet } from '@netdelta/core/snapshot/port-set.ts';
import type { Protocol } from '@netdelta/core/snapshot/snapshot.ts';
import { planNmapPace } from '@netdelta/core/sweep/nmap-pace.ts';
import { canonicalAddress } from '../../formats/address.ts';

/** All that the arguments depend on. */
export interface NmapQuestion {
  readonly options: ScanOptions;
  /** The scripts that may run; absent: the default ones. */
  readonly allowedScripts?: ReadonlySet<string> | undefined;
  /** Literals of one family. */
  readonly addresses: readonly string[];
  readonly privileged: boolean;
  /** nmap's own most common ports, as lists, where `needsTopLists` asked for them. */
  readonly top?: Readonly<Partial<Record<Protocol, string>>>;
  /** The last known probability (0–1) that a probe of a live endpoint stays unanswered. */
  readonly loss?: number | undefined;
}

/** Arguments without and with the addresses, and what was asked that nmap cannot do here. */
export interface NmapArguments {
  readonly args: readonly string[];
  readonly withAddresses: readonly string[];
  /** Refusals: with any of these nothing can be run. */
  readonly problems: readonly string[];
  /** Asked, but left out of this run. */
  readonly omitted: readonly string[];
}

const OUTPUT = ['-oX', '-', '-v', '--reason', '--stats-every', '1s', '--noninteractive'];
const RIGHTS_HINT = 'run as root, or give nmap the capability cap_net_raw';

/**
 * Turns a profile into nmap's argument array (nmap(1), checked with 7.93). Pure. An address that is
 * not an IP literal is a problem, so that nothing a person types can be read as an option.
 */
export function buildNmapArguments(question: NmapQuestion): NmapArguments {
  const { options, addresses, privileged } = question;
  const ipv6 = addresses.some((address) => address.includes(':'));
  const asksUdp = privileged && options.udp.kind !== 'none';
  const args = [
    ...OUTPUT,
    privileged ? '--privileged' : '--unprivileged',
    ...(ipv6 ? ['-6'] : []),
    ...(options.reverseDns ? [] : ['-n']),
    `-T${options.timing}`,
    ...discoveryArgs(options, { privileged, ipv6 }),
    ...portArgs(question, asksUdp),
    ...detectionArgs(question),
    ...paceArgs(question, asksUdp),
  ];
  return {
    args,
    withAddresses: [...args, ...addresses],
    problems: findProblems(question, asksUdp),
    omitted: findOmissions(question, ipv6),
  };
}

/**
 * Names the protocols whose `top` list must be asked of nmap first: nmap's `--top-ports` stands for
 * both protocols at once, and cannot be joined with `-p`.
 */
export function needsTopLists(options: ScanOptions): Protocol[] {
  const { tcp, udp } = options;
  if (tcp.kind === 'none' || udp.kind === 'none') return [];
  if (tcp.kind === 'top' && udp.kind === 'top' && tcp.count === udp.count) return [];
  return (['tcp', 'udp'] as const).filter((protocol) => options[protocol].kind === 'top');
}

/** The arguments by which nmap names its `count` most common ports, without sending a packet. */
export function buildTopListArguments(protocol: Protocol, count: number): string[] {
  const technique = protocol === 'tcp' ? '-sT' : '-sU';
  return ['-oX', '-', '--privileged', technique, '--top-ports', `${count}`];
}

/**
 * Discovery alone, for addresses that answered no connect: by ICMP, as the profile says, and by ARP
 * on the same link, which nmap does by itself. No TCP: what answers that has been asked, and a host
 * shall be known by a way in which it can be asked again.
 */
export function buildPresenceArguments(question: NmapQuestion): NmapArguments {
  const { discovery } = question.options;
  const { icmpEcho, icmpTimestamp } = discovery.kind === 'probes' ? discovery : BOTH_ICMP;
  const asked: ScanOptions = {
    ...question.options,
    tcp: { kind: 'none' },
    udp: { kind: 'none' },
    discovery: { ...NO_PROBES, icmpEcho, icmpTimestamp },
    scripts: [],
    reverseDns: false,
  };
  return buildNmapArguments({ ...question, options: asked });
}

const BOTH_ICMP = { icmpEcho: true, icmpTimestamp: true };
const NO_PROBES = { kind: 'probes', tcpSynPorts: '', tcpAckPorts: '', udpPorts: '' } as const;

/** Version detection of some ports of hosts that are known to be up. */
export function buildIdentifyArguments(question: NmapQuestion, ports: PortSet): NmapArguments {
  const asked: ScanOptions = {
    ...question.options,
    tcp: { kind: 'list', ports: formatPortSet(ports) },
    udp: { kind: 'none' },
    discovery: { kind: 'skip' },
    serviceDetection: true,
    osDetection: false,
    scripts: [],
    reverseDns: false,
  };
  return buildNmapArguments({ ...question, options: asked });
}

function discoveryArgs(
  { discovery, tcp, udp }: ScanOptions,
  { privileged, ipv6 }: { privileged: boolean; ipv6: boolean },
): string[] {
  const noPorts = tcp.kind === 'none' && udp.kind === 'none' ? ['-sn'] : [];
  if (discovery.kind === 'standard') return noPorts;
  if (discovery.kind === 'skip') return [...noPorts, '-Pn'];
  const probes = [
    discovery.icmpEcho && privileged ? '-PE' : '',
    // nmap stops when asked for ICMP time stamps over IPv6, where they do not exist.
    discovery.icmpTimestamp && privileged && !ipv6 ? '-PP' : '',
    discovery.tcpSynPorts && `-PS${compact(discovery.tcpSynPorts)}`,
    discovery.tcpAckPorts && `-PA${compact(discovery.tcpAckPorts)}`,
    discovery.udpPorts && privileged ? `-PU${compact(discovery.udpPorts)}` : '',
  ];
  return [...noPorts, ...probes.filter((probe) => probe !== '')];
}

function compact(ports: string): string {
  return ports
    .split(/[\s,]+/)
    .filter(Boolean)
    .join(',');
}

function portArgs({ options, privileged, top = {} }: NmapQuestion, asksUdp: boolean): string[] {
  const { tcp, tcpTechnique } = options;
  const udp: PortChoice = asksUdp ? options.udp : { kind: 'none' };
  if (tcp.kind === 'none' && udp.kind === 'none') return [];
  const syn = privileged && tcpTechnique !== 'connect';
  const techniques = [
    ...(tcp.kind === 'none' ? [] : [syn ? '-sS' : '-sT']),
    ...(udp.kind === 'none' ? [] : ['-sU']),
  ];
  const only = tcp.kind === 'none' ? udp : tcp;
  const same = only.kind === 'top' && udp.kind === 'top' && udp.count === only.count;
  if (only.kind === 'top' && (udp.kind === 'none' || same))
    return [...techniques, '--top-ports', `${only.count}`];
  const lists = [
    tcp.kind === 'none' ? '' : `T:${portText(tcp, top.tcp)}`,
    udp.kind === 'none' ? '' : `U:${portText(udp, top.udp)}`,
  ];
  return [...techniques, '-p', lists.filter((list) => list !== '').join(',')];
}

function portText(choice: PortChoice, top: string | undefined): string {
  if (choice.kind === 'list') return compact(choice.ports);
  return choice.kind === 'top' ? (top ?? '') : '1-65535';
}

function detectionArgs(question: NmapQuestion): string[] {
  const { options, privileged } = question;
  const scripts = options.scripts.filter((name) => isAllowed(name, question));
  const asksPorts = options.tcp.kind !== 'none' || (privileged && options.udp.kind !== 'none');
  return [
    ...(options.serviceDetection && asksPorts
      ? ['-sV', '--version-intensity', `${options.versionIntensity}`]
      : []),
    ...(options.osDetection && asksPorts && privileged ? ['-O'] : []),
    ...(scripts.length > 0 ? ['--script', scripts.join(',')] : []),
  ];
}

/** The last look before nmap: a profile may be older than what the platform allows, or come from elsewhere. */
function isAllowed(name: string, { allowedScripts = BY_DEFAULT }: NmapQuestion): boolean {
  return allowedScripts.has(name) && isOneScript(name);
}

const BY_DEFAULT = listAllowedScripts([]);

/** What the profile says; where it says nothing of rate or retries, what the path needs. */
function paceArgs({ options, loss }: NmapQuestion, udp: boolean): string[] {
  const { timing, maxRate } = options;
  const planned = planNmapPace({ timing, loss, udp, maxRate });
  return [
    ...option('--max-retries', options.maxRetries ?? planned.maxRetries),
    ...option('--min-rate', options.minRate ?? planned.minRate),
    ...option('--max-rate', options.maxRate),
    ...option('--host-timeout', options.hostTimeoutSeconds, 's'),
    ...option('--max-rtt-timeout', options.probeTimeoutMs, 'ms'),
  ];
}

function option(name: string, value: number | undefined, unit = ''): string[] {
  return value === undefined ? [] : [name, `${value}${unit}`];
}

function findProblems(question: NmapQuestion, asksUdp: boolean): string[] {
  const { options, addresses } = question;
  const problems = addresses
    .filter((address) => canonicalAddress(address) === null)
    .map((address) => `"${address}" is not an IP address; nmap is only given addresses`);
  if (addresses.length === 0) problems.push('no addresses were given to nmap');
  const families = new Set(addresses.map((address) => address.includes(':')));
  if (families.size > 1) problems.push('nmap scans IPv4 or IPv6 in one run, not both');
  const lists = asksUdp ? needsTopLists(options) : [];
  for (const protocol of lists.filter((one) => !question.top?.[one]))
    problems.push(`nmap could not name its most common ${protocol.toUpperCase()} ports`);
  const onlyUdp = options.tcp.kind === 'none' && options.udp.kind !== 'none';
  if (onlyUdp && !asksUdp)
    problems.push(`UDP ports can only be asked with raw sockets: ${RIGHTS_HINT}`);
  if (
    options.tcp.kind === 'none' &&
    options.udp.kind === 'none' &&
    options.discovery.kind === 'skip'
  )
    problems.push('neither discovery nor ports are asked: choose ports, or a discovery');
  return problems;
}

function findOmissions(question: NmapQuestion, ipv6: boolean): string[] {
  const { options, privileged } = question;
  const { discovery } = options;
  const omitted: string[] = [];
  if (!privileged && options.udp.kind !== 'none') omitted.push('UDP ports');
  if (!privileged && options.osDetection) omitted.push('operating system detection');
  if (!privileged && discovery.kind === 'probes') {
    if (discovery.icmpEcho || discovery.icmpTimestamp) omitted.push('ICMP discovery');
    if (discovery.udpPorts) omitted.push('UDP discovery');
  }
  const notes = omitted.map((what) => `${what} needs raw sockets: ${RIGHTS_HINT}`);
  for (const name of options.scripts.filter((one) => !isAllowed(one, question)))
    notes.push(`the script ${name} is not allowed on this platform`);
  if (ipv6 && discovery.kind === 'probes' && discovery.icmpTimestamp)
    notes.push('ICMP time stamps do not exist in IPv6');
  return notes;
}
