import { z } from 'zod';
import { parsePortSet } from '../snapshot/port-set.ts';

const portList = z
  .string()
  .max(20_000)
  .superRefine((text, context) => {
    for (const message of parsePortSet(text).problems)
      context.addIssue({ code: 'custom', message });
  });

/** GET and PUT …/settings: what a site decides for all its groups. */
export const siteSettings = z.object({
  historyWindow: z
    .int('give a whole number from 0 to 100')
    .min(0, 'give at least 0')
    .max(100, 'give at most 100')
    .describe('how many scans of a group a rating looks back; below 3 it does not'),
  dangerPorts: portList.describe('ports, TCP and UDP, whose deltas are rated a step more urgent'),
});
export type SiteSettings = z.infer<typeof siteSettings>;
