import { endpointOf } from '@netdelta/core/evidence/contact.ts';
import type { HostObservation, ServiceFacts } from '@netdelta/core/snapshot/snapshot.ts';
import { canonicalAddress } from '../../formats/address.ts';
import type { NmapProgram } from '../nmap/program.ts';
import type { ProbeAnswer, ProbeConditions, ProbeRequest } from './prober.ts';

/** A run of nmap that asks so little is over in seconds. */
const LONGEST_MS = 30_000;
/** Version detection of a port that says nothing takes nmap almost two minutes. */
const IDENTIFY_LONGEST_MS = 300_000;

export interface NmapProbe {
  readonly way: 'icmp' | 'arp' | 'udp';
  readonly requests: readonly ProbeRequest[];
}

/**
 * Asks by nmap, one packet each (`--max-retries 0`): ICMP echo, ARP, or a UDP port. Null for all
 * where nmap is missing or may not send raw packets.
 */
export async function askByNmap(
  nmap: NmapProgram,
  { way, requests }: NmapProbe,
  conditions: ProbeConditions,
): Promise<(ProbeAnswer | null)[]> {
  const { available, privileged } = await nmap.detect();
  if (!available || !privileged) return requests.map(() => null);
  const families = Map.groupBy(requests, ({ address }) => address.includes(':'));
  const answers = new Map<ProbeRequest, ProbeAnswer>();
  for (const own of families.values()) {
    const hosts = await runProbe(nmap, { way, requests: own }, conditions);
    if (!hosts) continue;
    for (const request of own) answers.set(request, readAnswer(request, hosts));
  }
  return requests.map((request) => answers.get(request) ?? null);
}

type Hosts = ReadonlyMap<string, HostObservation>;

async function runProbe(
  nmap: NmapProgram,
  { way, requests }: NmapProbe,
  conditions: ProbeConditions,
): Promise<Hosts | null> {
  const args = [...buildProbeArguments(way, requests, conditions.timeoutMs)];
  const { hosts, whole } = await runQuestion(nmap, { args, timeoutMs: LONGEST_MS }, conditions);
  return whole ? hosts : null;
}

function buildProbeArguments(
  way: NmapProbe['way'],
  requests: readonly ProbeRequest[],
  timeoutMs: number,
): string[] {
  const ipv6 = requests.some(({ address }) => address.includes(':'));
  const ports = new Set(requests.flatMap(({ contact }) => endpointOf(contact)?.port ?? []));
  const question = {
    icmp: ['-sn', '-PE', '--disable-arp-ping'],
    arp: ['-sn', '-PR'],
    udp: ['-sU', '-Pn', '-p', [...ports].join(',')],
  }[way];
  return [
    ...['-oX', '-', '-v', '-n', '--reason', '--noninteractive', '--privileged', '-T4'],
    ...(ipv6 ? ['-6'] : []),
    ...question,
    ...['--max-retries', '0', '--min-rate', '200'],
    ...['--initial-rtt-timeout', `${timeoutMs}ms`, '--max-rtt-timeout', `${timeoutMs}ms`],
    ...addressesOf(requests),
  ];
}

/** Literals alone: no address can be read as an option. */
function addressesOf(requests: readonly ProbeRequest[]): string[] {
  return [...new Set(requests.flatMap(({ address }) => canonicalAddress(address) ?? []))];
}

function readAnswer({ address, contact }: ProbeRequest, hosts: Hosts): ProbeAnswer {
  const host = hosts.get(address);
  const endpoint = endpointOf(contact);
  const silent = { state: 'silent', reason: 'no-response' } as const;
  if (!host) return silent;
  if (!endpoint) return host.status === 'up' ? { state: 'open', reason: host.reason } : silent;
  const own = host.endpoints.find(({ port }) => port === endpoint.port);
  return own ? { state: own.state, reason: own.reason } : silent;
}

/** Asks once more which product listens on these endpoints (`-sV`). Undefined where it stays unknown. */
export async function identifyByNmap(
  nmap: NmapProgram,
  endpoints: readonly ProbeRequest[],
  conditions: ProbeConditions,
): Promise<(ServiceFacts | undefined)[]> {
  const { privileged } = await nmap.detect();
  const families = Map.groupBy(endpoints, ({ address }) => address.includes(':'));
  const heard = new Map<ProbeRequest, ServiceFacts | undefined>();
  for (const [ipv6, own] of families) {
    const ports = new Set(own.flatMap(({ contact }) => endpointOf(contact)?.port ?? []));
    const args = [
      ...['-oX', '-', '-v', '-n', '-Pn', '-sT', '-sV', '-T4', '--noninteractive'],
      privileged ? '--privileged' : '--unprivileged',
      ...(ipv6 ? ['-6'] : []),
      ...['-p', [...ports].join(','), ...addressesOf(own)],
    ];
    const call = { args, timeoutMs: IDENTIFY_LONGEST_MS };
    // What was heard before it failed or ran out of time was heard.
    const { hosts } = await runQuestion(nmap, call, conditions);
    for (const request of own) {
      const port = endpointOf(request.contact)?.port;
      const found = hosts.get(request.address)?.endpoints.find((one) => one.port === port);
      heard.set(request, found?.state === 'open' ? found.service : undefined);
    }
  }
  return endpoints.map((endpoint) => heard.get(endpoint));
}

/** What nmap saw, by address, and whether it ended well: only then is what it did not see silent. */
async function runQuestion(
  nmap: NmapProgram,
  { args, timeoutMs }: { args: readonly string[]; timeoutMs: number },
  { signal }: ProbeConditions,
): Promise<{ hosts: Hosts; whole: boolean }> {
  const hosts = new Map<string, HostObservation>();
  const { facts } = await nmap.run({
    args,
    timeoutMs,
    signal,
    listener: {
      onHost: (outcome) => {
        if (outcome.kind === 'seen') hosts.set(outcome.host.address, outcome.host);
      },
    },
  });
  return { hosts, whole: facts.exit === 'success' && !signal.aborted };
}
