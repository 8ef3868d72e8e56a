import type { HostStatus } from '../host/status.ts';

/**
 * What two instants can be compared by: `up` (a missed host is believed up), `down`, `unseen` (asked,
 * never seen up), or nothing: `uncovered` (no finished scan had asked it), `removed` (no target any more).
 */
export type Presence = 'up' | 'down' | 'unseen' | 'uncovered' | 'removed';

const PRESENCE: Readonly<Record<HostStatus, Presence>> = {
  ADDED: 'uncovered',
  ABSENT: 'unseen',
  NEW: 'up',
  UP: 'up',
  CHANGED: 'up',
  MISSED: 'up',
  DOWN: 'down',
  STILL_DOWN: 'down',
  RETURNED: 'up',
  REMOVED: 'removed',
};

/** The presence that a status means; none is that of an address of which nothing is believed. */
export function presenceOf(status: HostStatus | undefined): Presence {
  return status === undefined ? 'uncovered' : PRESENCE[status];
}
