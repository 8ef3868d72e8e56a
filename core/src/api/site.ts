import { z } from 'zod';
import { DATE_LOCALES } from '../site/date-locales.ts';
import { isTimeZone } from '../site/time-zone.ts';

/** PUT …/site: what a site is called, and how it writes its times. */
export const siteFacts = z.object({
  name: z.string().trim().min(1, 'give a name').max(100),
  timeZone: z
    .string()
    .max(64)
    .refine(isTimeZone, 'is no time zone, such as Europe/Berlin')
    .describe('IANA; all times of the site are told in it'),
  dateLocale: z.enum(DATE_LOCALES).describe('how dates are written'),
});
export type SiteFacts = z.infer<typeof siteFacts>;

export const siteView = siteFacts.extend({
  slug: z.string(),
  logo: z.string().nullable().describe('the digest of its picture, which is at site/logo'),
});
export type SiteView = z.infer<typeof siteView>;

/** What a provider grants a site. */
export const siteQuotas = z.object({
  targetLimit: z
    .int()
    .min(1)
    .max(1_000_000)
    .describe('addresses and host names in all of its groups together'),
  groupLimit: z.int().min(1).max(100_000).describe('groups'),
  runningScanLimit: z
    .int()
    .min(1)
    .max(1_000)
    .nullable()
    .describe('scans that run at once, further ones wait; null: as many as there are groups'),
  importLimit: z
    .int()
    .min(1)
    .max(50)
    .describe('imports by API at once, in each process that serves it'),
});
export type SiteQuotas = z.infer<typeof siteQuotas>;

/** GET …/quotas: what is granted, and what is used of it. */
export const quotaView = z.object({
  quotas: siteQuotas,
  used: z.object({ targets: z.number(), groups: z.number(), runningScans: z.number() }),
});
export type QuotaView = z.infer<typeof quotaView>;
