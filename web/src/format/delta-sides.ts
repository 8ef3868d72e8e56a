import type { HostSide, ServiceSide, TargetSide } from '@netdelta/core/delta/delta.ts';

/** One side of a host delta as the API carries it; null when there is none. */
export function readHostSide(side: unknown): HostSide | null {
  return isObject(side) && Array.isArray(side.services) ? (side as unknown as HostSide) : null;
}

/** One side of a service delta as the API carries it; null when there is none. */
export function readServiceSide(side: unknown): ServiceSide | null {
  return isObject(side) && typeof side.state === 'string' ? (side as unknown as ServiceSide) : null;
}

/** How many addresses the target of a target delta makes; null for a host name. */
export function readTargetSize(side: unknown): number | null {
  return isObject(side) ? ((side as TargetSide).addresses ?? null) : null;
}

function isObject(side: unknown): side is Record<string, unknown> {
  return typeof side === 'object' && side !== null;
}
