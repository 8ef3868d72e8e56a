import { z } from 'zod';
import type { DeltaKind } from '../delta/kinds.ts';
import { DOUBT_KINDS } from '../evidence/doubt.ts';
import { EVIDENCE_GRADES } from '../evidence/evidence-grade.ts';
import { RATINGS } from '../evidence/rating.ts';
import { HOST_STATUSES, type HostStatus } from '../host/status.ts';
import { downAfter } from './groups.ts';

/** ISO 8601 with its offset, to the microsecond. */
export const instant = z.iso.datetime({ offset: true });
export const address = z.union([z.ipv4(), z.ipv6()]);
export const protocol = z.enum(['tcp', 'udp']);
export const port = z.int().min(0).max(65_535);
export const count = z.int().min(0).max(2_147_483_647);
export const probability = z.number().min(0).max(1);
export const text = z.string();
export const statusName = z.enum(
  HOST_STATUSES.map(({ name }) => name) as [HostStatus, ...HostStatus[]],
);

const state = z.enum(['open', 'closed', 'filtered', 'silent']);
const contact = z.union([
  z.enum(['icmp', 'arp']),
  z.string().regex(/^(tcp|udp)\/\d{1,5}$/, 'is no way to ask a host, such as icmp or tcp/22'),
]);
const endpointKey = z.string().regex(/^(tcp|udp)\/\d{1,5}$/, 'is no endpoint, such as tcp/22');
export const contacts = z.array(contact);

/** ServiceFacts of core/snapshot. */
export const serviceFacts = z.looseObject({
  method: z.enum(['probed', 'table']),
  name: text.optional(),
  product: text.optional(),
  version: text.optional(),
  extraInfo: text.optional(),
  tunnel: text.optional(),
  hostName: text.optional(),
  osType: text.optional(),
  deviceType: text.optional(),
  cpe: z.array(text).optional(),
  fingerprint: text.optional(),
});

export const scripts = z.array(z.looseObject({ id: text, output: text }));

/** Unsteady of core/evidence. */
export const unsteady = z.array(
  z.looseObject({
    what: z.union([z.literal('host'), endpointKey]),
    changes: z.array(z.int()),
    flappingSince: z.int().optional(),
  }),
);

const sighting = z.looseObject({ scanId: text, at: instant });
const probe = z.looseObject({ at: instant, gapMs: z.number(), contact, state, reason: text });

/** Evidence of core/delta. */
export const evidence = z.looseObject({
  reason: text,
  silence: z.looseObject({ scans: count, since: sighting, downAfter }).optional(),
  likelihood: probability.optional(),
  confirmation: z
    .looseObject({ prior: probability, loss: probability, probes: z.array(probe) })
    .optional(),
});

/** Rated of core/evidence. */
export const rated = z.looseObject({
  rating: z.enum(RATINGS),
  history: z.looseObject({
    window: count,
    scans: count,
    last: count.nullable(),
    times: count,
    targets: count,
    rating: z.enum(RATINGS),
    fall: z.enum(['repeated', 'widespread']).nullable(),
  }),
  evidence: z.enum(EVIDENCE_GRADES),
  danger: z.looseObject({ port, why: z.enum(['listed', 'unknown']) }).nullable(),
});

/** Finding of core/evidence. */
export const finding = z.looseObject({
  doubt: z.looseObject({
    kind: z.enum(DOUBT_KINDS),
    address,
    endpoint: endpointKey.optional(),
    ask: contacts,
    prior: probability,
    believed: serviceFacts.optional(),
  }),
  outcome: z.enum(['refuted', 'confirmed', 'undecided', 'unasked']),
  probes: z.array(probe),
  loss: probability,
  likelihood: probability,
});

const silence = z.looseObject({
  scans: count,
  since: sighting,
  likelihood: probability.optional(),
});
const portSet = z.array(z.tuple([port, port]));

/** HostBelief of core/host. */
export const hostBelief = z.looseObject({
  address,
  status: statusName,
  reason: text,
  seenBy: text.optional(),
  contacts,
  names: z.array(text),
  mac: text.optional(),
  macVendor: text.optional(),
  os: text.optional(),
  known: z.looseObject({ tcp: portSet, udp: portSet }),
  services: z.array(
    z.looseObject({
      protocol,
      port,
      reason: text,
      service: serviceFacts.optional(),
      scripts: scripts.optional(),
      silence: silence.optional(),
    }),
  ),
  silence: silence.optional(),
  unsteady,
  answersEverything: z.literal(true).optional(),
});

const hostSide = z.looseObject({
  up: z.boolean(),
  reason: text,
  names: z.array(text),
  services: z.array(z.looseObject({ protocol, port, service: serviceFacts.optional() })),
});

const serviceSide = z.looseObject({
  state: z.enum(['open', 'closed', 'filtered']),
  reason: text,
  service: serviceFacts.optional(),
});
const steadinessSide = z.looseObject({
  flapping: z.boolean(),
  state: z.enum(['up', 'down', 'open', 'closed']),
  changes: count,
});
const subnetSide = z.looseObject({ up: z.boolean(), addresses: z.array(text) });
const targetSide = z.looseObject({ addresses: z.number().optional() });

/** The sides of core/delta; which one it is, the kind tells. */
export const SIDES = {
  'target.added': targetSide,
  'target.removed': targetSide,
  'host.new': hostSide,
  'host.returned': hostSide,
  'host.down': hostSide,
  'host.moved': hostSide.extend({ address, identity: text }),
  'host.flapping': steadinessSide,
  'host.answersEverything': z.looseObject({ answersEverything: z.boolean(), openPorts: count }),
  'service.opened': serviceSide,
  'service.closed': serviceSide,
  'service.filtered': serviceSide,
  'service.changed': serviceSide,
  'service.flapping': steadinessSide,
  'subnet.down': subnetSide,
  'subnet.returned': subnetSide,
  'scanner.blind': z.looseObject({ silentHosts: count, sentinels: z.array(text) }),
} as const satisfies Record<DeltaKind, z.ZodType>;
