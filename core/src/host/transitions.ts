import type { HostStatus } from './status.ts';

/**
 * What can happen to a host. `same` and `different`: it answered, with its services as before or not.
 * `silent`: it did not answer; `satisfied`: it did not answer, and the rule for being really down is met.
 * `removed` and `added`: its target left or came back.
 */
export const HOST_EVENTS = [
  'same',
  'different',
  'silent',
  'satisfied',
  'removed',
  'added',
] as const;
export type HostEvent = (typeof HOST_EVENTS)[number];

/** The transition table of the ten status codes: exhaustive, and drawn on the help page as it stands. */
export const HOST_TRANSITIONS: Readonly<
  Record<HostStatus, Readonly<Record<HostEvent, HostStatus>>>
> = {
  ADDED: row('NEW', 'NEW', 'ABSENT', 'ABSENT', 'ADDED'),
  ABSENT: row('NEW', 'NEW', 'ABSENT', 'ABSENT', 'ABSENT'),
  NEW: row('UP', 'CHANGED', 'MISSED', 'DOWN', 'NEW'),
  UP: row('UP', 'CHANGED', 'MISSED', 'DOWN', 'UP'),
  CHANGED: row('UP', 'CHANGED', 'MISSED', 'DOWN', 'CHANGED'),
  MISSED: row('UP', 'CHANGED', 'MISSED', 'DOWN', 'MISSED'),
  DOWN: row('RETURNED', 'RETURNED', 'STILL_DOWN', 'STILL_DOWN', 'DOWN'),
  STILL_DOWN: row('RETURNED', 'RETURNED', 'STILL_DOWN', 'STILL_DOWN', 'STILL_DOWN'),
  RETURNED: row('UP', 'CHANGED', 'MISSED', 'DOWN', 'RETURNED'),
  REMOVED: row('REMOVED', 'REMOVED', 'REMOVED', 'REMOVED', 'ADDED'),
};

function row(
  same: HostStatus,
  different: HostStatus,
  silent: HostStatus,
  satisfied: HostStatus,
  added: HostStatus,
): Readonly<Record<HostEvent, HostStatus>> {
  return { same, different, silent, satisfied, removed: 'REMOVED', added };
}
