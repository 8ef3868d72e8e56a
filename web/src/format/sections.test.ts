import type { DeltaView } from '@netdelta/core/api/scans.ts';
import {
  DELTA_HEADINGS,
  DELTA_KIND_NAMES,
  DELTA_KINDS,
  type DeltaKind,
} from '@netdelta/core/delta/kinds.ts';
import { expect, test } from 'vitest';
import { groupBySection } from './sections.ts';

function buildDelta(kind: DeltaKind, overrides: Partial<DeltaView> = {}): DeltaView {
  return {
    id: kind,
    scanId: '0',
    groupId: '0',
    groupName: 'Office',
    at: '2026-11-24T02:00:00Z',
    kind,
    heading: DELTA_KINDS[kind].heading,
    sentence: '',
    explanation: '',
    address: null,
    target: null,
    protocol: null,
    port: null,
    before: null,
    after: null,
    evidence: { reason: 'syn-ack' },
    rating: null,
    rated: null,
    ...overrides,
  };
}

test('every kind has its place under exactly one heading', () => {
  const sections = groupBySection(DELTA_KIND_NAMES.map((kind) => buildDelta(kind)));
  expect(sections.map(({ heading }) => heading)).toEqual([...DELTA_HEADINGS]);
  expect(sections.flatMap(({ deltas }) => deltas)).toHaveLength(DELTA_KIND_NAMES.length);
});

test('a service that closed and one that was filtered are both removed', () => {
  const deltas = [buildDelta('service.closed'), buildDelta('service.filtered')];
  const removed = groupBySection(deltas).find(({ heading }) => heading === 'Services Removed');
  expect(removed?.deltas).toHaveLength(2);
});

test('the most urgent comes first, each in its order', () => {
  const deltas = ([null, 'green', 'red', 'amber', 'red'] as const).map((rating, id) =>
    buildDelta('service.opened', { id: String(id), rating }),
  );
  const added = groupBySection(deltas).find(({ heading }) => heading === 'Services Added');
  expect(added?.deltas.map(({ id }) => id)).toEqual(['2', '4', '3', '1', '0']);
});

test('the services of a new host are told again under their own heading', () => {
  const services = [
    { protocol: 'tcp', port: 22 },
    { protocol: 'tcp', port: 80 },
  ];
  const after = { up: true, reason: 'syn-ack', names: [], services };
  const sections = groupBySection([buildDelta('host.new', { after })]);
  const filled = sections.filter(({ deltas }) => deltas.length > 0);
  expect(filled.map(({ heading, count }) => [heading, count])).toEqual([
    ['New Hosts', 1],
    ['New Host Services', 2],
  ]);
});
