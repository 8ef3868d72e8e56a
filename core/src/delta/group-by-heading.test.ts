import { expect, test } from 'vitest';
import { buildDeltaOfHost, buildDeltaOfService, buildHostSide } from './build-delta.ts';
import { groupByHeading } from './group-by-heading.ts';
import { DELTA_HEADINGS, DELTA_KIND_NAMES, DELTA_KINDS } from './kinds.ts';

const after = buildHostSide({ services: [{ protocol: 'tcp', port: 22 }] });

test('every kind has a heading that has a place in the order', () => {
  const used = new Set(
    DELTA_KIND_NAMES.map((kind) => DELTA_KINDS[kind]).flatMap((row) =>
      'servicesHeading' in row ? [row.heading, row.servicesHeading] : [row.heading],
    ),
  );
  expect([...used].sort()).toEqual([...DELTA_HEADINGS].sort());
});

test('headings come in the known order, the empty ones are left out', () => {
  const deltas = [
    buildDeltaOfService('service.changed'),
    buildDeltaOfService('service.opened'),
    buildDeltaOfHost('host.down'),
    buildDeltaOfHost('host.returned'),
  ];
  expect(groupByHeading(deltas).map(({ heading }) => heading)).toEqual([
    'Hosts Woken Up',
    'Hosts Went Down',
    'Services Added',
    'Services Changed',
  ]);
});

test('closed and filtered services stand under one heading, in the order in which they came', () => {
  const deltas = [buildDeltaOfService('service.filtered'), buildDeltaOfService('service.closed')];
  expect(groupByHeading(deltas)).toEqual([{ heading: 'Services Removed', deltas }]);
});

test('a new host stands under its services too, if it has any', () => {
  const bare = buildDeltaOfHost('host.new', { after: buildHostSide() });
  const full = buildDeltaOfHost('host.new', { after });
  expect(groupByHeading([bare, full])).toEqual([
    { heading: 'New Hosts', deltas: [bare, full] },
    { heading: 'New Host Services', deltas: [full] },
  ]);
});
