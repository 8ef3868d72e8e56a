import { z } from 'zod';
import { SCOPE_LAYERS } from '../scope/scope.ts';

/** A day of a calendar, `2026-11-24`. */
const day = z.iso.date('give a day as in 2026-11-24');

/** What may be scanned, who said so, and until when. */
export const scopeRequest = z.object({
  targets: z
    .string()
    .max(1_000_000)
    .describe('addresses, CIDRs, ranges and host names, as in a group'),
  authorisedBy: z
    .string()
    .trim()
    .min(1, 'say who authorised it')
    .max(200)
    .describe('whose word it is: a person, a contract, a ticket'),
  validUntil: day
    .nullable()
    .default(null)
    .describe(
      "the last day on which it holds, by the site's calendar; null: until it is taken back",
    ),
  note: z.string().trim().max(2_000).default(''),
});
export type ScopeRequest = z.infer<typeof scopeRequest>;

export const scopeEntryView = scopeRequest.extend({
  id: z.uuid(),
  laidBy: z.enum(SCOPE_LAYERS).describe('platform: only its administrators can change it'),
  addressCount: z.number(),
  nameCount: z.number(),
  /** Days until its last one; negative: it has expired. */
  daysLeft: z.number().nullable(),
  createdAt: z.string(),
});
export type ScopeEntryView = z.infer<typeof scopeEntryView>;

/** GET …/scope */
export const scopeView = z.object({
  entries: z.array(scopeEntryView),
  /** Groups whose next scan is refused, as far as addresses say; names are resolved when they are scanned. */
  refusedGroups: z.array(z.object({ id: z.uuid(), name: z.string(), reason: z.string() })),
});
export type ScopeView = z.infer<typeof scopeView>;

/** An authorisation that has expired, or will soon. */
export const scopeEnding = z.object({
  targets: z.string(),
  authorisedBy: z.string(),
  validUntil: z.string(),
  daysLeft: z.number(),
});
export type ScopeEnding = z.infer<typeof scopeEnding>;
