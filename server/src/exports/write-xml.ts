import {
  NO_PORTS,
  type PortSet,
  parsePortSet,
  portSetOf,
  subtractPorts,
} from '@netdelta/core/snapshot/port-set.ts';
import type {
  EndpointGroup,
  HostObservation,
  PortCoverage,
  Protocol,
  ScriptOutput,
  ServiceFacts,
} from '@netdelta/core/snapshot/snapshot.ts';
import type { SiteSnapshot } from '../db/site-snapshot.ts';
import {
  type WrittenRun,
  writeXmlEnd,
  writeXmlHead,
  writeXmlHost,
} from '../formats/nmap/write-xml.ts';
import { readCopiedRows } from './copied-lines.ts';
import { selectBelievedHosts, selectKnownCoverages } from './list-queries.ts';

interface BelievedHost {
  readonly address: string;
  readonly up: boolean;
  readonly reason: string;
  readonly names: readonly string[];
  readonly mac: string | null;
  readonly mac_vendor: string | null;
  readonly os: string | null;
  readonly coverage_id: string | null;
  readonly services:
    | readonly {
        readonly protocol: Protocol;
        readonly port: number;
        readonly reason: string;
        readonly service: ServiceFacts | null;
        readonly scripts: readonly ScriptOutput[] | null;
      }[]
    | null;
}

type Coverages = ReadonlyMap<string | null, PortCoverage>;

const NOTHING: PortCoverage = { tcp: NO_PORTS, udp: NO_PORTS };
const PROTOCOLS = ['tcp', 'udp'] as const;

/**
 * Writes what is believed now as one document of nmap's XML, host by host: open services as ports,
 * the other ports of which the state is known as extraports, hosts that are down, or were never up,
 * as down. Of a port that is not open nobody remembers how it refused: its state is `unknown`.
 */
export async function* writeBeliefXml(
  snapshot: SiteSnapshot,
  { groupId, version, args }: { groupId: string | null; version: string; args: string },
): AsyncGenerator<string> {
  const now = Math.floor(Date.parse(snapshot.at) / 1_000);
  const run: WrittenRun = {
    ...{ scanner: 'netdelta', version, args },
    ...{ start: now, end: now, finished: true },
  };
  const coverages = await readCoverages(snapshot, groupId);
  yield writeXmlHead(run, intersect(coverages));
  const copy = snapshot.copy(selectBelievedHosts(groupId, snapshot.quote));
  let total = 0;
  let up = 0;
  for await (const row of readCopiedRows<BelievedHost>(copy)) {
    total += 1;
    if (row.up) up += 1;
    yield writeXmlHost(observe(row, coverages.get(row.coverage_id) ?? NOTHING));
  }
  yield writeXmlEnd(run, { up, total });
}

async function readCoverages(snapshot: SiteSnapshot, groupId: string | null): Promise<Coverages> {
  const copy = snapshot.copy(selectKnownCoverages(groupId, snapshot.quote));
  const all = new Map<string | null, PortCoverage>();
  type Row = { coverage_id: string | null; tcp: string | null; udp: string | null };
  for await (const { coverage_id, tcp, udp } of readCopiedRows<Row>(copy))
    all.set(coverage_id, {
      tcp: parsePortSet(tcp ?? '').ports,
      udp: parsePortSet(udp ?? '').ports,
    });
  return all;
}

/** `<scaninfo>` says what all hosts were asked; what one was asked beyond that, its own ports say. */
function intersect(coverages: Coverages): PortCoverage {
  const both = (protocol: Protocol) =>
    [...coverages.values()]
      .map((covered) => covered[protocol])
      .reduce<PortSet | null>(
        (all, ports) => (all ? subtractPorts(all, subtractPorts(all, ports)) : ports),
        null,
      ) ?? NO_PORTS;
  return { tcp: both('tcp'), udp: both('udp') };
}

function observe(host: BelievedHost, known: PortCoverage): HostObservation {
  const { address, names, mac, mac_vendor: macVendor, os } = host;
  const services = host.services ?? [];
  const who = {
    ...{ address, names },
    ...(mac && { mac }),
    ...(mac && macVendor && { macVendor }),
    ...(os && { os }),
  };
  if (!host.up) return { ...who, ...SILENT, endpoints: [], rest: [], covered: NOTHING };
  return {
    ...who,
    status: 'up',
    reason: host.reason,
    endpoints: services.map(({ service, scripts, ...endpoint }) => ({
      ...endpoint,
      state: 'open' as const,
      ...(service && { service }),
      ...(scripts && { scripts }),
    })),
    rest: PROTOCOLS.flatMap((protocol) => listRest(protocol, known[protocol], services)),
    covered: known,
  };
}

const SILENT = { status: 'silent', reason: 'no-response' } as const;

function listRest(
  protocol: Protocol,
  known: PortSet,
  services: NonNullable<BelievedHost['services']>,
): EndpointGroup[] {
  const open = services.filter((service) => service.protocol === protocol);
  const ports = subtractPorts(known, portSetOf(open.map(({ port }) => port)));
  return ports.length === 0 ? [] : [{ protocol, ports, state: 'silent', reason: 'not-open' }];
}
