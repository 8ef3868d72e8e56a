import type { EndpointKey } from '../snapshot/endpoint-index.ts';

/**
 * A way in which a host answered, and by which it can be asked again: `icmp` (echo), `arp`, or one
 * of its endpoints (`tcp/22`), open or closed.
 */
export type Contact = 'icmp' | 'arp' | EndpointKey;
