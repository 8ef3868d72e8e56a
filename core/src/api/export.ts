import { z } from 'zod';
import { DELTA_KIND_NAMES, DELTA_KINDS, type DeltaKind } from '../delta/kinds.ts';
import { DOUBT_KINDS } from '../evidence/doubt.ts';
import { RATINGS } from '../evidence/rating.ts';
import { identity } from '../host/identity.ts';
import { scanOptions } from '../profile/options.ts';
import { missedPolicy, overlapPolicy, scheduleTiming } from '../schedule/schedule.ts';
import {
  address,
  contacts,
  count,
  evidence,
  finding,
  hostBelief,
  instant,
  port,
  probability,
  protocol,
  rated,
  SIDES,
  scripts,
  serviceFacts,
  statusName,
  text,
  unsteady,
} from './export-facts.ts';
import { downAfter } from './groups.ts';
import { scanStatus } from './scans.ts';
import { siteSettings } from './settings.ts';

/** Raised when a reader of the version before could misunderstand a file. */
export const EXPORT_VERSION = 1;

const line = <Type extends string, Shape extends z.ZodRawShape>(type: Type, shape: Shape) =>
  z.strictObject({ type: z.literal(type), ...shape });

const addressSet = z
  .string()
  .regex(/^\{[[\](),.:0-9a-f]*\}$/, 'is no set of addresses, such as {[10.0.0.0,10.0.1.0)}');
const ofGroup = { groupId: z.uuid() };
const ofHost = { ...ofGroup, address };
const edited = { createdAt: instant, updatedAt: instant };
const lasting = { from: instant, until: instant.nullable() };
const silent = {
  silentScans: count,
  silentSince: instant.nullable(),
  silentSinceScanId: z.uuid().nullable(),
  silenceLikelihood: probability.nullable(),
};
const ownRules = { downAfter: downAfter.nullable(), serviceDownAfter: downAfter.nullable() };

const head = line('export', {
  version: z.literal(EXPORT_VERSION, 'is of another version than this NetDelta reads'),
  at: instant.describe('the instant of which everything below is told'),
  site: z.object({ slug: text, name: z.string().min(1).max(100) }),
  group: z.object({ id: z.uuid(), name: text }).nullable().describe('null: all groups of the site'),
  details: z.boolean().describe('whether shards hold their sight and output'),
});

const deltaKinds = (Object.keys(SIDES) as DeltaKind[]).map((kind) => deltaOf(kind));

/** Each type of line after the first and before the last, in the order of the file. */
export const EXPORT_LINES = {
  settings: line('settings', {
    timeZone: z.string().min(1).max(64),
    targetLimit: z.int().min(1).max(1_000_000),
    ...siteSettings.shape,
    detailDays: z.int().min(7).max(3_650),
    historyMonths: z.int().min(1).max(240).nullable().describe('null: for ever'),
  }),
  profile: line('profile', {
    id: z.uuid(),
    name: z.string().min(1).max(100),
    description: z.string().max(2_000),
    builtIn: z.boolean(),
    options: scanOptions,
    ...edited,
  }),
  group: line('group', {
    id: z.uuid(),
    name: z.string().min(1).max(100),
    description: z.string().max(2_000),
    owner: z.string().max(200),
    targets: z.string().max(4_194_304),
    exclusions: z.string().max(4_194_304),
    profileId: z.uuid(),
    downAfter,
    serviceDownAfter: downAfter,
    identity,
    beacons: z.string().max(4_000),
    recipients: z.array(z.email()).max(50),
    historyFrom: instant.nullable(),
    ...edited,
  }),
  schedule: line('schedule', {
    id: z.uuid(),
    ...ofGroup,
    timing: scheduleTiming,
    missed: missedPolicy,
    overlap: overlapPolicy,
    enabled: z.boolean(),
    nextRunAt: instant.nullable(),
    lastRunAt: instant.nullable(),
    lastOutcome: text.nullable(),
    ...edited,
  }),
  scan: line('scan', {
    id: z.uuid(),
    ...ofGroup,
    number: count.describe("the group's scans, counted from 1"),
    status: scanStatus,
    trigger: z.enum(['person', 'schedule', 'import']),
    scheduleId: z.uuid().nullable(),
    first: z.boolean(),
    previousScanId: z.uuid().nullable(),
    profileName: text,
    options: scanOptions,
    downAfter,
    serviceDownAfter: downAfter,
    identity,
    blind: z.boolean(),
    loss: probability.nullable(),
    engine: text.nullable(),
    engineVersion: text.nullable(),
    engineChoice: text.nullable(),
    addressCount: count,
    shardCount: count,
    shardsDone: count,
    hostsUp: count,
    servicesOpen: count,
    deltaCount: count,
    problems: z.array(z.looseObject({ what: text, message: text })),
    fileName: text.nullable(),
    fileDigest: z.hex().max(64).nullable().describe('SHA-256 of what an imported file holds'),
    covered: addressSet.nullable(),
    uncoveredCount: count,
    detailsExpiredAt: instant.nullable(),
    hasDetails: z.boolean(),
    historyExpiredAt: instant.nullable(),
    hasHistory: z.boolean(),
    createdAt: instant,
    startedAt: instant.nullable(),
    finishedAt: instant.nullable(),
  }),
  coverage: line('coverage', {
    id: z.string().max(20),
    tcp: text.describe("ports in nmap's form, as in 22,80,8000-8100"),
    udp: text,
  }),
  sightBase: line('sightBase', {
    id: z.string().max(20),
    ...ofGroup,
    shardNumber: count,
    sight: z.base64().describe('zstd of JSON; sights of shards tell what differs from it'),
    createdAt: instant,
  }),
  shard: line('shard', {
    scanId: z.uuid(),
    number: count,
    addresses: addressSet,
    addressCount: z.int().min(1).max(256),
    names: z.record(z.string(), text).describe('the host name that an address came from'),
    status: z.enum(['queued', 'running', 'finished', 'partial', 'failed', 'cancelled']),
    attempts: z.int().min(0).max(32_767),
    engine: text.nullable(),
    engineVersion: text.nullable(),
    arguments: z.array(text).nullable(),
    progress: z.looseObject({ fraction: z.number(), hostsUp: count, servicesOpen: count }),
    coveredCount: count,
    uncovered: z.array(z.looseObject({ address: text, reason: text })),
    problem: text.nullable(),
    confirmation: z.looseObject({ probes: count, ms: z.number() }).nullable(),
    startedAt: instant.nullable(),
    finishedAt: instant.nullable(),
    sight: z.base64().nullable().describe('what was judged, zstd of JSON; only with details'),
    sightBaseId: z.string().nullable(),
    output: z.base64().nullable().describe("the engine's own output, zstd; only with details"),
  }),
  host: line('host', {
    ...ofHost,
    targetName: text.nullable(),
    status: statusName,
    statusSince: instant,
    reason: text,
    seenBy: text.nullable().describe('the way of asking that it last answered'),
    names: z.array(text),
    mac: text.nullable(),
    macVendor: text.nullable(),
    os: text.nullable(),
    coverageId: z.string().nullable().describe('the ports of which the state is known'),
    ...silent,
    contacts,
    unsteady,
    answersEverything: z.boolean(),
    ...ownRules,
    firstSeenAt: instant.nullable(),
    lastScanId: z.uuid().nullable(),
  }),
  hostInterval: line('hostInterval', {
    ...ofHost,
    ...lasting,
    status: statusName,
    scanId: z.uuid().nullable(),
    names: z.array(text),
    mac: text.nullable(),
    macVendor: text.nullable(),
    os: text.nullable(),
    coverageId: z.string().nullable(),
    answersEverything: z.boolean(),
    differs: z.boolean().describe('from the interval before, in more than a status'),
  }),
  serviceInterval: line('serviceInterval', {
    ...ofHost,
    protocol,
    port,
    ...lasting,
    since: instant.nullable().describe('when first seen, where that was at another address'),
    scanId: z.uuid(),
    reason: text,
    service: serviceFacts.nullable(),
    scripts: scripts.nullable(),
    endState: z.enum(['closed', 'filtered']).nullable(),
    endReason: text.nullable(),
    ...silent,
  }),
  displacedHost: line('displacedHost', {
    ...ofGroup,
    belief: hostBelief,
    ...ownRules,
    firstSeenAt: instant.nullable(),
    displacedAt: instant,
  }),
  refutation: line('refutation', {
    ...ofHost,
    scanId: z.uuid(),
    at: instant,
    protocol: protocol.nullable(),
    port: port.nullable(),
    kind: z.enum(DOUBT_KINDS),
    finding,
  }),
  delta: z.discriminatedUnion('kind', deltaKinds as [(typeof deltaKinds)[0]]),
} as const;

/** What a delta holds of its subject: where it is told of a target, of a host, or of a service. */
function subjectOf(kind: DeltaKind) {
  const nothing = z.null();
  return {
    target: { address: nothing, target: text, protocol: nothing, port: nothing },
    host: { address, target: nothing, protocol: nothing, port: nothing },
    service: { address, target: nothing, protocol, port },
  }[DELTA_KINDS[kind].subject];
}

function deltaOf(kind: DeltaKind) {
  return line('delta', {
    id: z.string().max(20),
    ...ofGroup,
    scanId: z.uuid().nullable(),
    at: instant,
    kind: z.literal(kind),
    ...subjectOf(kind),
    before: SIDES[kind].nullable(),
    after: SIDES[kind].nullable(),
    evidence,
    rating: z.enum(RATINGS).nullable(),
    rated: rated.nullable(),
  });
}

export type ExportLineType = keyof typeof EXPORT_LINES;
export const EXPORT_LINE_TYPES = Object.keys(EXPORT_LINES) as ExportLineType[];

const end = line('end', {
  counts: z.partialRecord(z.enum(EXPORT_LINE_TYPES), z.int().min(0)),
});

/** The first line of an export, and its last: without that, the file is cut off. */
export const exportHead = head;
export const exportEnd = end;
export type ExportHead = z.infer<typeof exportHead>;
export type ExportCounts = z.infer<typeof exportEnd>['counts'];

/** Any line of an export as NDJSON (docs/export.md). */
export const exportLine = z.union([head, ...Object.values(EXPORT_LINES), end]);

export const EXPORT_FORMATS = ['ndjson', 'csv', 'xml'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];
/** What one file of CSV lists. */
export const CSV_LISTS = ['hosts', 'services', 'deltas', 'scans'] as const;
export type CsvList = (typeof CSV_LISTS)[number];

/** What a file of CSV leaves out: as the lists of hosts and deltas do. */
export const csvFilter = z.object({
  groupId: z.uuid().optional(),
  status: statusName.optional().describe('hosts'),
  text: z.string().max(200).optional().describe('hosts: part of an address, a name, a product'),
  port: z.coerce.number().int().min(0).max(65_535).optional().describe('hosts'),
  scanId: z.uuid().optional().describe('deltas'),
  address: address.optional().describe('deltas'),
  kind: z.enum(DELTA_KIND_NAMES).optional().describe('deltas'),
  rating: z.enum(RATINGS).optional().describe('deltas'),
});
export type CsvFilter = z.infer<typeof csvFilter>;

/** GET …/export: one file, streamed. */
export const exportQuery = csvFilter.extend({
  format: z.enum(EXPORT_FORMATS).default('ndjson'),
  what: z.enum(CSV_LISTS).default('hosts').describe('csv: what it lists'),
  details: z.stringbool().default(false).describe('ndjson: with what each shard saw'),
  gzip: z.stringbool().default(false).describe('packed, as a file that ends in .gz'),
});
export type ExportQuery = z.infer<typeof exportQuery>;
