import type { DeltaView } from '@netdelta/core/api/scans.ts';

const REASONS: Readonly<Record<string, string>> = {
  'syn-ack': 'it accepted the connection (SYN-ACK)',
  reset: 'it refused the connection (RST)',
  'conn-refused': 'it refused the connection',
  'no-response': 'nothing answered',
  'echo-reply': 'it answered a ping (ICMP echo reply)',
  'timestamp-reply': 'it answered an ICMP timestamp request',
  'arp-response': 'it answered ARP',
  'nd-response': 'it answered neighbour discovery',
  'localhost-response': 'it is an address of this machine',
  'admin-prohibited': 'a filter on the way refused (ICMP prohibited)',
  'host-unreach': 'a router called it unreachable (ICMP)',
  'net-unreach': 'a router called its network unreachable (ICMP)',
  'port-unreach': 'it called the port unreachable (ICMP)',
  'udp-response': 'it answered over UDP',
};

/** Puts an engine's reason into words, with the reason itself when it is one that people look up. */
export function describeReason(reason: string): string {
  return REASONS[reason] ?? reason;
}

/** Tells what speaks for a delta: the observation that decided it, and the rule when silence did. */
export function describeEvidence({ reason, silence }: DeltaView['evidence']): string {
  const seen = describeReason(reason);
  if (!silence) return `Decided by this scan: ${seen}.`;
  const scans = silence.scans === 1 ? 'in one scan' : `in ${silence.scans} scans in a row`;
  const rule = silence.downAfter === 1 ? 'one such scan' : `${silence.downAfter} such scans`;
  return `No answer ${scans} (the rule asks for ${rule}). This scan: ${seen}.`;
}
