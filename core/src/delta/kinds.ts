/** One row a kind of delta: the only place that knows what kinds there are. */
export const DELTA_KINDS = {
  'target.added': { subject: 'target', heading: 'Hosts Added To Group' },
  'target.removed': { subject: 'target', heading: 'Hosts Removed From Group' },
  'host.new': { subject: 'host', heading: 'New Hosts' },
  'host.returned': { subject: 'host', heading: 'Hosts Woken Up' },
  'host.down': { subject: 'host', heading: 'Hosts Went Down' },
  'service.opened': { subject: 'service', heading: 'Services Added' },
  'service.closed': { subject: 'service', heading: 'Services Removed' },
  'service.filtered': { subject: 'service', heading: 'Services Removed' },
  'service.changed': { subject: 'service', heading: 'Services Changed' },
} as const;

export type DeltaKind = keyof typeof DELTA_KINDS;
export const DELTA_KIND_NAMES = Object.keys(DELTA_KINDS) as [DeltaKind, ...DeltaKind[]];
