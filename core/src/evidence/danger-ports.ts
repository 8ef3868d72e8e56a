import type { Delta } from '../delta/delta.ts';
import { formatPortSet, hasPort, type PortSet, parsePortSet } from '../snapshot/port-set.ts';
import type { ServiceFacts } from '../snapshot/snapshot.ts';
import type { DangerPort } from './rating.ts';

/** What is dangerous to have open: ways in without much ado, and what should never face a network. */
export const DANGER_SERVICES: readonly { readonly ports: string; readonly what: string }[] = [
  { ports: '21,69', what: 'FTP and TFTP' },
  { ports: '22', what: 'SSH' },
  { ports: '23', what: 'Telnet' },
  { ports: '111,2049', what: 'RPC and NFS' },
  { ports: '135,139,445', what: 'Windows RPC, NetBIOS and SMB' },
  { ports: '161', what: 'SNMP' },
  { ports: '389', what: 'LDAP' },
  { ports: '512-514', what: 'rexec, rlogin and rsh' },
  { ports: '623', what: 'IPMI' },
  { ports: '873', what: 'rsync' },
  { ports: '1433,1521,3306,5432', what: 'SQL Server, Oracle, MySQL and PostgreSQL' },
  { ports: '2375,2379,6443,10250', what: 'Docker, etcd and Kubernetes' },
  { ports: '3389,5900-5903', what: 'Remote Desktop and VNC' },
  { ports: '5985-5986', what: 'Windows Remote Management' },
  { ports: '6000-6005', what: 'X11' },
  {
    ports: '5984,6379,9200,11211,27017',
    what: 'CouchDB, Redis, Elasticsearch, memcached, MongoDB',
  },
];

/** The danger ports of a site that has not chosen others, in nmap's form. */
export const DEFAULT_DANGER_PORTS = formatPortSet(
  parsePortSet(DANGER_SERVICES.map(({ ports }) => ports).join(',')).ports,
);

const FIRST_HIGH_PORT = 1_024;

/** The first danger port that a delta newly shows open; null when it shows none, or shows something gone. */
export function findDanger(
  delta: Pick<Delta, 'kind' | 'subject' | 'after'>,
  listed: PortSet,
): DangerPort | null {
  for (const { port, service } of openedBy(delta)) {
    if (hasPort(listed, port)) return { port, why: 'listed' };
    if (isUnknown(port, service)) return { port, why: 'unknown' };
  }
  return null;
}

interface OpenPort {
  readonly port: number;
  readonly service?: ServiceFacts;
}

/** A host that returned is told without its services: what it has besides those known are deltas of their own. */
function openedBy({
  kind,
  subject,
  after,
}: Pick<Delta, 'kind' | 'subject' | 'after'>): readonly OpenPort[] {
  if (!after) return [];
  if (kind === 'host.new' && 'services' in after) return after.services;
  if (!('port' in subject && 'reason' in after && 'state' in after) || after.state !== 'open')
    return [];
  return [{ port: subject.port, ...(after.service && { service: after.service }) }];
}

/** Something speaks there, and nobody knows what it is: neither version detection nor the port table. */
function isUnknown(port: number, service: ServiceFacts | undefined): boolean {
  if (port < FIRST_HIGH_PORT || !service) return false;
  const nameless = service.name === undefined || service.name === 'unknown';
  return nameless && (service.method === 'probed' || service.fingerprint !== undefined);
}
