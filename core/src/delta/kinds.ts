/** One row a kind of delta: the only place that knows what kinds there are. */
export const DELTA_KINDS = {
  'target.added': { subject: 'target', heading: 'Hosts Added To Group' },
  'target.removed': { subject: 'target', heading: 'Hosts Removed From Group' },
  'host.new': { subject: 'host', heading: 'New Hosts', servicesHeading: 'New Host Services' },
  'host.returned': { subject: 'host', heading: 'Hosts Woken Up' },
  'host.down': { subject: 'host', heading: 'Hosts Went Down' },
  'host.moved': { subject: 'host', heading: 'Hosts Moved' },
  'host.flapping': { subject: 'host', heading: 'Flapping' },
  'host.answersEverything': { subject: 'host', heading: 'Hosts That Answer On Every Port' },
  'service.opened': { subject: 'service', heading: 'Services Added' },
  'service.closed': { subject: 'service', heading: 'Services Removed' },
  'service.filtered': { subject: 'service', heading: 'Services Removed' },
  'service.changed': { subject: 'service', heading: 'Services Changed' },
  'service.flapping': { subject: 'service', heading: 'Flapping' },
  'subnet.down': { subject: 'target', heading: 'Hosts Went Down' },
  'subnet.returned': { subject: 'target', heading: 'Hosts Woken Up' },
  'scanner.blind': { subject: 'target', heading: 'Scanner' },
} as const;

export type DeltaKind = keyof typeof DELTA_KINDS;
export const DELTA_KIND_NAMES = Object.keys(DELTA_KINDS) as [DeltaKind, ...DeltaKind[]];

type Row = (typeof DELTA_KINDS)[DeltaKind];
export type DeltaHeading =
  | Row['heading']
  | Extract<Row, { servicesHeading: string }>['servicesHeading'];

/** The headings of a Delta Analysis, on pages and in mails, in the order in which people know them. */
export const DELTA_HEADINGS: readonly DeltaHeading[] = [
  'Scanner',
  'Hosts Added To Group',
  'Hosts Woken Up',
  'New Hosts',
  'Hosts Removed From Group',
  'Hosts Went Down',
  'Hosts Moved',
  'New Host Services',
  'Services Added',
  'Services Removed',
  'Services Changed',
  'Hosts That Answer On Every Port',
  'Flapping',
];
