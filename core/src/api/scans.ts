import { z } from 'zod';
import { DELTA_KIND_NAMES } from '../delta/kinds.ts';
import { EVIDENCE_GRADES } from '../evidence/evidence-grade.ts';
import { RATINGS } from '../evidence/rating.ts';
import { identity } from '../host/identity.ts';
import { scanOptions } from '../profile/options.ts';
import { downAfter } from './groups.ts';
import { pageQuery } from './page.ts';

export const SCAN_STATUSES = [
  'waiting',
  'running',
  'cancelling',
  'finished',
  'partial',
  'failed',
  'cancelled',
] as const;
export const scanStatus = z.enum(SCAN_STATUSES);
export type ScanStatus = z.infer<typeof scanStatus>;

export const scanRequest = z.object({ groupId: z.uuid() });
export type ScanRequest = z.infer<typeof scanRequest>;

export const scanQuery = pageQuery.extend({
  groupId: z.uuid().optional(),
  status: scanStatus.optional(),
});
export type ScanQuery = z.infer<typeof scanQuery>;

/** A scan as lists, pages and the live stream show it. Times are ISO 8601. */
export const scanView = z.object({
  id: z.uuid(),
  groupId: z.uuid(),
  groupName: z.string(),
  status: scanStatus,
  trigger: z.enum(['person', 'schedule', 'import']),
  fileName: z.string().nullable().describe('of an imported scan, its file'),
  startedBy: z.string().nullable(),
  /** The group's first scan makes no deltas: it is what later ones are compared with. */
  first: z.boolean(),
  createdAt: z.string(),
  startedAt: z.string().nullable(),
  finishedAt: z.string().nullable(),
  progress: z.object({
    addresses: z.number(),
    addressesDone: z.number(),
    hostsUp: z.number(),
    servicesOpen: z.number(),
    shards: z.number(),
    shardsDone: z.number(),
    secondsLeft: z.number().nullable(),
  }),
  deltaCount: z.number(),
  problems: z.array(z.object({ what: z.string(), message: z.string() })),
});
export type ScanView = z.infer<typeof scanView>;

/** How a scan was made: kept with it for ever. */
export const scanSettings = z.object({
  scanId: z.uuid(),
  finishedAt: z.string().nullable(),
  profileName: z.string(),
  options: scanOptions,
  downAfter,
  serviceDownAfter: downAfter,
  identity,
  engine: z.string().nullable(),
  engineVersion: z.string().nullable(),
  engineChoice: z.string().nullable().describe('why this engine'),
  /** The exact arguments of each different command that ran, the addresses left out. */
  commands: z.array(z.array(z.string())),
});
export type ScanSettings = z.infer<typeof scanSettings>;

/** One probe of a doubt and what came back. */
const probeView = z.object({
  at: z.string(),
  gapMs: z.number(),
  contact: z.string().describe('icmp, arp, or an endpoint such as tcp/22'),
  state: z.enum(['open', 'closed', 'filtered', 'silent']),
  reason: z.string(),
});

/** The probes that a doubt caused, and what they were weighed with. */
export const confirmationView = z.object({
  prior: z.number(),
  loss: z.number(),
  probes: z.array(probeView).readonly(),
});

/** A rating with all that it was made of: Rated of core/evidence. */
const ratedView = z.object({
  rating: z.enum(RATINGS),
  history: z.object({
    window: z.number().describe('how many scans back was looked'),
    scans: z.number().describe('how many earlier scans there were within the window'),
    last: z.number().nullable().describe('how many scans ago the same was last told; null: never'),
    times: z.number(),
    targets: z.number().describe('how many targets it struck in this scan'),
    caused: z.boolean().optional(),
    rating: z.enum(RATINGS).describe('by the history alone'),
    fall: z.enum(['repeated', 'widespread']).nullable().describe('why amber became green'),
  }),
  evidence: z.enum(EVIDENCE_GRADES),
  danger: z.object({ port: z.number(), why: z.enum(['listed', 'unknown']) }).nullable(),
});

export const deltaView = z.object({
  id: z.string(),
  scanId: z.uuid().nullable().describe('null: the targets were edited, between scans'),
  groupId: z.uuid(),
  groupName: z.string(),
  at: z.string(),
  kind: z.enum(DELTA_KIND_NAMES),
  heading: z.string(),
  sentence: z.string(),
  explanation: z.string().describe('why it was reported, in one sentence'),
  address: z.string().nullable(),
  target: z.string().nullable(),
  protocol: z.enum(['tcp', 'udp']).nullable(),
  port: z.number().nullable(),
  /** HostSide, ServiceSide or TargetSide of core/delta, as the kind tells. */
  before: z.unknown(),
  after: z.unknown(),
  evidence: z.object({
    reason: z.string(),
    silence: z
      .object({
        scans: z.number(),
        since: z.object({ scanId: z.string(), at: z.string() }),
        downAfter,
      })
      .optional(),
    likelihood: z.number().optional().describe('probability 0–1 that the change is real'),
    confirmation: confirmationView.optional(),
  }),
  rating: z.enum(RATINGS).nullable().describe('null: no finding of a scan, or its scan still runs'),
  /** What the rating was made of; null when there is none. */
  rated: ratedView.nullable(),
});
export type DeltaView = z.infer<typeof deltaView>;

export const deltaQuery = pageQuery.extend({
  groupId: z.uuid().optional(),
  scanId: z.uuid().optional(),
  address: z.string().max(64).optional(),
  kind: z.enum(DELTA_KIND_NAMES).optional(),
  rating: z.enum(RATINGS).optional(),
});
export type DeltaQuery = z.infer<typeof deltaQuery>;

/** What asking again cost a scan and what it found, all shards together. Null before any shard ended. */
export const confirmationCost = z.object({
  /** Probes that were sent because of doubts. */
  probes: z.number(),
  /** The longest that a shard took for it, ms. */
  ms: z.number(),
  loss: z
    .number()
    .nullable()
    .describe('probability 0–1 that a live endpoint leaves one probe unanswered; null: not known'),
  refuted: z.number().describe('false alarms avoided'),
  confirmed: z.number(),
  undecided: z.number(),
  unasked: z.number().describe('could not be asked in the way in which they last answered'),
});

/** GET …/scans/:id: the Delta Analysis page, the new scan against the one before. */
export const scanDetail = z.object({
  scan: scanView,
  settings: scanSettings,
  previous: scanSettings.nullable(),
  /** Addresses asked but not finished (host time-out and the like): they change nothing. */
  uncovered: z.array(z.object({ address: z.string(), reason: z.string() })),
  /** How many were asked but not finished; the list above holds the first 100. */
  uncoveredCount: z.number(),
  confirmation: confirmationCost.nullable(),
  detailsExpiredAt: z
    .string()
    .nullable()
    .describe(
      'when retention took its shards: commands, uncovered addresses and the cost of asking again',
    ),
  historyExpiredAt: z.string().nullable().describe('when retention took its deltas'),
  blind: z.boolean().describe('the scanner heard nothing: no silence of this scan counts'),
  missedCount: z.number().describe('hosts silent in this scan, held by the down-after rule'),
});
export type ScanDetail = z.infer<typeof scanDetail>;
