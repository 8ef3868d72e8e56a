import { z } from 'zod';
import { DELTA_KIND_NAMES } from '../delta/kinds.ts';
import { INSTANT_FORMS } from '../past/read-instant.ts';
import { hostQuery, hostView, serviceView } from './hosts.ts';
import { pageQuery } from './page.ts';

const instant = z.string().max(100).describe(INSTANT_FORMS);

/** An instant as it was understood: the time (ISO 8601), and the scan at whose end it is. */
export const instantView = z.object({
  at: z.string(),
  scanId: z.uuid().nullable(),
  groupId: z.uuid().nullable().describe('the group of the scan'),
});
export type InstantView = z.infer<typeof instantView>;

/** GET …/compare: what changed between two instants. */
export const compareQuery = pageQuery.extend({
  from: instant,
  to: instant.default('now'),
  groupId: z.uuid().optional(),
});
export type CompareQuery = z.infer<typeof compareQuery>;

/** A change between two instants, in the kinds and words of deltas. */
export const changeView = z.object({
  kind: z.enum(DELTA_KIND_NAMES),
  heading: z.string(),
  sentence: z.string(),
  protocol: z.enum(['tcp', 'udp']).nullable(),
  port: z.number().nullable(),
  /** HostSide, ServiceSide … of core/delta, as the kind tells. */
  before: z.unknown(),
  after: z.unknown(),
});
export type ChangeView = z.infer<typeof changeView>;

/** A host, or a service of it, that cannot be compared. */
export const gapView = z.object({
  endpoint: z.string().nullable().describe('null: the whole host'),
  missing: z.enum(['from', 'to']).describe('at which instant nothing is known of it'),
  why: z.enum(['not-covered', 'not-a-target']),
  sentence: z.string(),
});
export type GapView = z.infer<typeof gapView>;

/** A host that differs, or that cannot be compared. */
export const comparedHost = z.object({
  groupId: z.uuid(),
  groupName: z.string(),
  address: z.string(),
  names: z.array(z.string()),
  changes: z.array(changeView),
  gaps: z.array(gapView),
});
export type ComparedHost = z.infer<typeof comparedHost>;

/** A target that the group has at one of the instants alone. */
export const comparedTarget = z.object({
  groupId: z.uuid(),
  groupName: z.string(),
  kind: z.enum(['target.added', 'target.removed']),
  target: z.string(),
  sentence: z.string(),
});
export type ComparedTarget = z.infer<typeof comparedTarget>;

/** How much changed. */
export const comparisonCounts = z.object({
  kinds: z
    .record(z.string(), z.number())
    .describe('changes by kind; kinds without any are left out'),
  changes: z.number(),
  hosts: z.number().describe('hosts with changes'),
  gaps: z.number().describe('hosts and services that cannot be compared'),
  complete: z
    .boolean()
    .describe('false: too much differs to count all; these are the counts of a part'),
});
export type ComparisonCounts = z.infer<typeof comparisonCounts>;

export const comparePage = z.object({
  from: instantView,
  to: instantView,
  items: z.array(comparedHost),
  /** A page may be short, and still have a next one. */
  next: z.string().nullable(),
  targets: z.array(comparedTarget).nullable().describe('on the first page alone'),
  counts: comparisonCounts.nullable().describe('of hosts; on the first page alone'),
});
export type ComparePage = z.infer<typeof comparePage>;

/** GET …/hosts/as-of: the hosts as they were believed at an instant. */
export const pastHostQuery = hostQuery.extend({ at: instant });
export type PastHostQuery = z.infer<typeof pastHostQuery>;

/** A host at an instant: silence is not remembered, and 0. */
export const pastHostPage = z.object({
  at: instantView,
  items: z.array(hostView),
  /** A page may be short, or empty, and still have a next one. */
  next: z.string().nullable(),
});
export type PastHostPage = z.infer<typeof pastHostPage>;

/** GET …/hosts/:groupId/:address/as-of */
export const pastHost = z.object({
  at: instantView,
  host: hostView,
  /** The ports of which the state was known, in nmap's form. */
  known: z.object({ tcp: z.string(), udp: z.string() }),
  answersEverything: z.boolean(),
  /** In as much detail as was learned of each later, while it stayed the same service. */
  services: z.array(serviceView),
});
export type PastHost = z.infer<typeof pastHost>;
