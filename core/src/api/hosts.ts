import { z } from 'zod';
import { DOUBT_KINDS } from '../evidence/doubt.ts';
import { HOST_STATUSES } from '../host/status.ts';
import { searchTextProblem } from '../target/search-text.ts';
import { downAfter } from './groups.ts';
import { pageQuery } from './page.ts';
import { confirmationView, deltaView, scanView } from './scans.ts';
import { scopeEnding } from './scope.ts';

export const hostStatus = z.enum(
  HOST_STATUSES.map((status) => status.name) as [string, ...string[]],
);

export const hostQuery = pageQuery.extend({
  groupId: z.uuid().optional(),
  status: hostStatus.optional(),
  text: z
    .string()
    .max(200)
    .refine((text) => searchTextProblem(text) === null, {
      error: (issue) => searchTextProblem(String(issue.input)) ?? undefined,
    })
    .optional()
    .describe(
      'an address or its beginning (10.0.3.), a CIDR, or part of a name, MAC address, system, product, version: three letters at least',
    ),
  port: z.coerce.number().int().min(0).max(65_535).optional(),
});
export type HostQuery = z.infer<typeof hostQuery>;

export const hostView = z.object({
  groupId: z.uuid(),
  groupName: z.string(),
  address: z.string(),
  status: hostStatus,
  statusSince: z.string(),
  names: z.array(z.string()),
  mac: z.string().nullable(),
  macVendor: z.string().nullable(),
  os: z.string().nullable(),
  serviceCount: z.number(),
  silentScans: z.number(),
});
export type HostView = z.infer<typeof hostView>;

export const serviceView = z.object({
  groupId: z.uuid(),
  address: z.string(),
  protocol: z.enum(['tcp', 'udp']),
  port: z.number(),
  reason: z.string(),
  name: z.string().nullable(),
  product: z.string().nullable(),
  guessed: z.boolean().describe('the name is only read from the port table'),
  scripts: z.array(z.object({ id: z.string(), output: z.string() })),
  since: z.string(),
  until: z.string().nullable(),
  silentScans: z.number(),
});
export type ServiceView = z.infer<typeof serviceView>;

/** A change that a scan seemed to show, and that asking again refuted: why there was no alarm. */
export const refutationView = z.object({
  scanId: z.uuid(),
  at: z.string(),
  /** null: the whole host. */
  endpoint: z.string().nullable(),
  kind: z.enum(DOUBT_KINDS),
  explanation: z.string().describe('why it was not reported, in one sentence'),
  ...confirmationView.shape,
});
export type RefutationView = z.infer<typeof refutationView>;

/** PUT …/hosts/:groupId/:address/rules: the host's own rules; null: its group's. */
export const hostRules = z.object({
  downAfter: downAfter.nullable(),
  serviceDownAfter: downAfter.nullable(),
});
export type HostRules = z.infer<typeof hostRules>;

/** GET …/hosts/:groupId/:address */
export const hostDetail = z.object({
  host: hostView,
  downAfter,
  serviceDownAfter: downAfter,
  ownRules: hostRules,
  /** The probability 0–1 that a silent host is gone; null while it answers. */
  silenceLikelihood: z.number().nullable(),
  answersEverything: z.boolean(),
  refutations: z.array(refutationView),
  firstSeenAt: z.string().nullable(),
  lastSeenAt: z.string().nullable(),
  lastCoveredAt: z.string().nullable(),
  services: z.array(serviceView),
  pastServices: z.array(serviceView),
  statuses: z.array(
    z.object({
      status: hostStatus,
      from: z.string(),
      until: z.string().nullable(),
      scanId: z.uuid().nullable(),
    }),
  ),
  deltas: z.array(deltaView),
});
export type HostDetail = z.infer<typeof hostDetail>;

/** GET …/overview */
export const overview = z.object({
  groupCount: z.number(),
  addressCount: z.number(),
  statusCounts: z.record(z.string(), z.number()),
  serviceCount: z.number(),
  /** Changes in the last seven days that scans seemed to show, and that asking again refuted. */
  falseAlarmsAvoided: z.number(),
  running: z.array(scanView),
  recentScans: z.array(scanView),
  recentDeltas: z.array(deltaView),
  nextRuns: z.array(z.object({ groupId: z.uuid(), groupName: z.string(), at: z.string() })),
  /** Authorisations to scan that have expired, or do within 14 days; at most five. */
  scopeEndings: z.array(scopeEnding),
});
export type Overview = z.infer<typeof overview>;

/** GET …/system: what this installation can do, and what it lacks. */
export const systemView = z.object({
  version: z.string(),
  engines: z.array(
    z.object({
      name: z.enum(['nmap', 'connect']),
      available: z.boolean(),
      version: z.string().nullable(),
      privileged: z.boolean(),
      note: z.string().describe('what it can do here, or how to get it'),
    }),
  ),
  mail: z.object({ configured: z.boolean(), note: z.string() }),
  playground: z.object({ running: z.boolean(), targets: z.string() }),
});
export type SystemView = z.infer<typeof systemView>;
