import { z } from 'zod';
import { AUDIT_ACTIONS, type AuditAction } from '../audit/actions.ts';
import { pageQuery } from './page.ts';

const auditAction = z.enum(Object.keys(AUDIT_ACTIONS) as [AuditAction, ...AuditAction[]]);
const instant = z.iso.datetime({ offset: true });

export const auditQuery = pageQuery.extend({
  /** The number of the last entry of the page before: entries come newest first. */
  after: z
    .string()
    .regex(/^\d{1,15}$/, 'is not the number of an entry')
    .optional(),
  action: auditAction.optional(),
  /** A part of the actor's name. */
  actor: z.string().max(200).optional(),
  from: instant.optional(),
  until: instant.optional(),
});
export type AuditQuery = z.infer<typeof auditQuery>;

const side = z.record(z.string(), z.unknown()).nullable();

/** One entry of the audit log. */
export const auditView = z.object({
  number: z.number(),
  at: z.string(),
  actor: z.object({
    kind: z.enum(['person', 'key', 'command', 'program', 'provider', 'nobody']),
    id: z.string().nullable(),
    name: z.string(),
  }),
  address: z.string().nullable(),
  userAgent: z.string().nullable(),
  action: auditAction,
  subject: z.object({ kind: z.string(), id: z.string().nullable(), name: z.string() }),
  before: side,
  after: side,
  sentence: z.string(),
  /** SHA-256 of the entry and the hash before it, in hexadecimal. */
  hash: z.string(),
});
export type AuditView = z.infer<typeof auditView>;

/** One line of an exported audit log. Its action is any: it may be of another version. */
export const auditLine = auditView.extend({
  siteId: z.uuid(),
  action: z.string(),
  hash: z.string().regex(/^[0-9a-f]{64}$/),
});
export type AuditLine = z.infer<typeof auditLine>;

/** Whether the chain holds: its length and last hash, or the first entry that is not as it was written. */
export const auditCheck = z.object({
  entries: z.number(),
  lastHash: z.string().nullable(),
  broken: z.object({ number: z.number(), message: z.string() }).nullable(),
});
export type AuditCheck = z.infer<typeof auditCheck>;
