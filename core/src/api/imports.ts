import { z } from 'zod';

/** The most that one file may have when it is sent to a server, packed or not: 512 MB. */
export const MOST_IMPORT_BYTES = 536_870_912;

export const importQuery = z.object({
  name: z.string().trim().min(1).max(255).describe('the name of the file, as it is shown'),
  at: z.iso
    .datetime({ offset: true })
    .optional()
    .describe('when the scan was, for a file that does not say it'),
});

/** POST …/groups/:id/import: what became of one file. A file that cannot be read is a 400. */
export const importView = z.object({
  file: z.string(),
  outcome: z.enum(['imported', 'known']).describe('known: the group has it already'),
  message: z.string().nullable().describe('why nothing was imported'),
  scan: z
    .object({
      scanId: z.uuid(),
      at: z.string().describe('when the scan was over'),
      first: z.boolean(),
      hostsUp: z.number(),
      servicesOpen: z.number(),
      addresses: z.number(),
      deltas: z.number(),
      ratings: z.record(z.string(), z.number()).describe('deltas by rating'),
      problems: z.array(z.string()).readonly(),
    })
    .nullable(),
});
export type ImportView = z.infer<typeof importView>;
