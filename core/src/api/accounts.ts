import { z } from 'zod';
import { ROLES } from '../access/roles.ts';

/** The first part of every URL of a site. */
export const siteSlug = z
  .string()
  .regex(
    /^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?$/,
    'use 1 to 40 lower-case letters, digits and hyphens',
  )
  .refine(
    (slug) => !RESERVED_SLUGS.has(slug),
    'this word is kept for NetDelta itself; choose another',
  );

const RESERVED_SLUGS = new Set(['api', 'assets', 'healthz', 'metrics', 'readyz', 'setup']);

export const password = z.string().min(12, 'use at least 12 characters').max(200);

export const setupRequest = z.object({
  token: z.string().min(1).max(200),
  siteName: z.string().trim().min(1).max(100),
  siteSlug,
  timeZone: z.string().min(1).max(64),
  name: z.string().trim().min(1).max(100),
  email: z.email(),
  password,
});
export type SetupRequest = z.infer<typeof setupRequest>;

export const loginRequest = z.object({ email: z.email(), password: z.string().min(1).max(200) });
export type LoginRequest = z.infer<typeof loginRequest>;

/** Who is logged in, and where. */
export const sessionView = z.object({
  user: z.object({ id: z.string(), name: z.string(), email: z.string() }),
  role: z.enum(ROLES),
  site: z.object({
    slug: z.string(),
    name: z.string(),
    timeZone: z.string(),
    targetLimit: z.number(),
  }),
});
export type SessionView = z.infer<typeof sessionView>;

/** GET /api/v1/sites: what the front door shows. */
export const frontDoorView = z.object({
  needsSetup: z.boolean(),
  sites: z.array(z.object({ slug: z.string(), name: z.string() })),
});
export type FrontDoorView = z.infer<typeof frontDoorView>;
