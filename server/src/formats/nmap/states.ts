import type { PortState } from '@netdelta/core/snapshot/snapshot.ts';

/** Reasons by which nmap says that nothing came back at all. */
const SILENCE: ReadonlySet<string> = new Set(['no-response', 'no-ipid-change', '']);

/** Extraports name their reason in the plural (portreasons.cc of nmap); one endpoint has the singular. */
const PLURALS = new Map(
  [
    'reset',
    'syn-ack',
    'no-response',
    'host-unreach',
    'net-unreach',
    'port-unreach',
    'proto-unreach',
    'admin-prohibited',
    'host-prohibited',
    'net-prohibited',
    'dest-unreach',
    'unknown-response',
    'localhost-response',
    'source-quench',
    'time-exceeded',
    'echo-reply',
    'udp-response',
    'proto-response',
  ].flatMap((reason) => [
    [`${reason}s`, reason],
    [`${reason}es`, reason],
  ]),
);

/** One word for a reason, whether nmap gave it to one port or to many. */
export function singularReason(reason: string): string {
  return PLURALS.get(reason) ?? reason;
}

/**
 * Turns nmap's port state and reason into ours. Silence is told apart from a refusal on the way;
 * `unfiltered` (ACK scan) means that a reset came back, which a closed port does too.
 */
export function decidePortState(state: string, reason: string): PortState {
  if (state === 'open') return 'open';
  if (state === 'closed' || state === 'unfiltered') return 'closed';
  if (state === 'unknown') return 'silent';
  return SILENCE.has(reason) ? 'silent' : 'filtered';
}
