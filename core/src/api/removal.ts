import { z } from 'zod';

/** POST …/site/removal: deactivates the site, and has its data deleted unless they are kept. */
export const removalRequest = z.object({
  name: z.string().max(200).describe('the name of the site, typed: nobody ends one by accident'),
  keepsData: z
    .boolean()
    .describe('true: deactivated, and may be restored; false: deleted, for ever'),
  cancelsScans: z
    .boolean()
    .default(false)
    .describe('scans that run or wait are cancelled; otherwise they are a reason to refuse'),
  withoutExport: z
    .boolean()
    .default(false)
    .describe('delete although nobody has exported all of it (NDJSON) within the last day'),
});
export type RemovalRequest = z.infer<typeof removalRequest>;

/** What a site is: in use, deactivated, or on its way to be gone. */
export const siteState = z.enum(['active', 'deactivated', 'deleting']);
export type SiteState = z.infer<typeof siteState>;

export const removalView = z.object({ slug: z.string(), state: siteState });
