import { z } from 'zod';
import { identity } from '../host/identity.ts';
import { scanOptions } from '../profile/options.ts';
import { missedPolicy, overlapPolicy, scheduleTiming } from '../schedule/schedule.ts';

const name = z.string().trim().min(1, 'give it a name').max(100);
const targetText = z.string().max(4_194_304);

export const targetsRequest = z.object({ targets: targetText, exclusions: targetText.default('') });
export type TargetsRequest = z.infer<typeof targetsRequest>;

export const targetProblemView = z.object({
  field: z.enum(['targets', 'exclusions']),
  line: z.number(),
  text: z.string(),
  message: z.string(),
});

/** POST …/groups/check-targets: what the typed targets make, before anything is stored. */
export const targetsView = z.object({
  addressCount: z.number(),
  nameCount: z.number(),
  limit: z.number(),
  normalised: z.array(z.string()),
  problems: z.array(targetProblemView),
  outsideScope: z
    .string()
    .nullable()
    .describe('why a scan of these would be refused; they can be stored all the same'),
});
export type TargetsView = z.infer<typeof targetsView>;

/** When silence makes a host or service gone: by evidence, or in so many silent scans in a row. */
export const downAfter = z.union([z.literal('evidence'), z.int().min(1).max(10)]);

export const groupRequest = targetsRequest.extend({
  name,
  description: z.string().trim().max(2_000).default(''),
  owner: z.string().trim().max(200).default(''),
  profileId: z.uuid(),
  downAfter: downAfter.default('evidence'),
  serviceDownAfter: downAfter.default('evidence'),
  identity: identity.default('address'),
  beacons: z.string().max(4_000).default(''),
  recipients: z.array(z.email('is not an e-mail address')).max(50).default([]),
});
export type GroupRequest = z.infer<typeof groupRequest>;

export const groupView = groupRequest.extend({
  id: z.uuid(),
  profileName: z.string(),
  addressCount: z.number(),
  nameCount: z.number(),
  /** How many addresses have each status; see HOST_STATUSES. ADDED are targets never covered. */
  statusCounts: z.record(z.string(), z.number()),
  lastScan: z
    .object({
      id: z.uuid(),
      status: z.string(),
      finishedAt: z.string().nullable(),
      deltaCount: z.number(),
    })
    .nullable(),
  nextRunAt: z.string().nullable(),
  /** It is being deleted, in small steps: nothing scans or edits it. */
  deletingSince: z.string().nullable(),
  /** Of those, how many went so far. */
  rowsDeleted: z.number(),
  createdAt: z.string(),
  updatedAt: z.string(),
});
export type GroupView = z.infer<typeof groupView>;

export const profileRequest = z.object({
  name,
  description: z.string().trim().max(2_000).default(''),
  options: scanOptions,
});
export type ProfileRequest = z.infer<typeof profileRequest>;

export const profileView = profileRequest.extend({
  id: z.uuid(),
  builtIn: z.boolean(),
  groupCount: z.number(),
});
export type ProfileView = z.infer<typeof profileView>;

export const scheduleRequest = z.object({
  groupId: z.uuid(),
  timing: scheduleTiming,
  missed: missedPolicy.default('run'),
  overlap: overlapPolicy.default('skip'),
  enabled: z.boolean().default(true),
});
export type ScheduleRequest = z.infer<typeof scheduleRequest>;

export const scheduleView = scheduleRequest.extend({
  id: z.uuid(),
  groupName: z.string(),
  /** The next five runs, ISO 8601. */
  nextRuns: z.array(z.string()),
  lastRunAt: z.string().nullable(),
  lastOutcome: z.string().nullable().describe('started, waiting, or why it was skipped'),
});
export type ScheduleView = z.infer<typeof scheduleView>;

/** POST …/schedules/preview */
export const schedulePreview = z.object({ nextRuns: z.array(z.string()) });
