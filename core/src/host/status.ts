/** The ten host status codes (see GLOSSARY). The number is stored; the name is shown. */
export const HOST_STATUSES = [
  { code: 0, name: 'ADDED', meaning: 'a target, not yet covered by a finished scan' },
  { code: 1, name: 'ABSENT', meaning: 'covered, never yet seen up' },
  { code: 2, name: 'NEW', meaning: 'up for the first time' },
  { code: 3, name: 'UP', meaning: 'up, services as before' },
  { code: 4, name: 'CHANGED', meaning: 'up, services added, removed or replaced' },
  {
    code: 5,
    name: 'MISSED',
    meaning: 'silent, but the rule or the evidence is not yet satisfied; its services are held',
  },
  { code: 6, name: 'DOWN', meaning: 'really down, since the first missed scan' },
  { code: 7, name: 'STILL_DOWN', meaning: 'down as before' },
  { code: 8, name: 'RETURNED', meaning: 'up again after having been down' },
  {
    code: 9,
    name: 'REMOVED',
    meaning: 'no longer a target; its history stays until retention ends',
  },
] as const;

export type HostStatus = (typeof HOST_STATUSES)[number]['name'];
export type HostStatusCode = (typeof HOST_STATUSES)[number]['code'];

const CODES = new Map<HostStatus, HostStatusCode>(
  HOST_STATUSES.map(({ name, code }) => [name, code]),
);

/** The number that stands for a status in the database. */
export function hostStatusCode(status: HostStatus): HostStatusCode {
  return CODES.get(status) as HostStatusCode;
}

/** The status that a stored number stands for. */
export function hostStatusOf(code: HostStatusCode): HostStatus {
  return HOST_STATUSES[code].name;
}

/** True for an address that no scan has ever seen up. */
export function isNeverSeen(status: HostStatus): boolean {
  return status === 'ADDED' || status === 'ABSENT';
}

/** True for a host that is really down. */
export function isDown(status: HostStatus): boolean {
  return status === 'DOWN' || status === 'STILL_DOWN';
}
