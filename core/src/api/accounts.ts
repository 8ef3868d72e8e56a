import { z } from 'zod';
import { ROLES } from '../access/roles.ts';
import { pageQuery } from './page.ts';
import { siteState } from './removal.ts';

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

/** How strong it is, the server judges besides (`weak-password`). */
export const newPassword = z
  .string()
  .min(12, 'use at least 12 characters')
  .max(200, 'use at most 200 characters');

export const setupRequest = z.object({
  token: z.string().min(1).max(200),
  siteName: z.string().trim().min(1).max(100),
  siteSlug,
  timeZone: z.string().min(1).max(64),
  name: z.string().trim().min(1).max(100),
  email: z.email(),
  password: newPassword,
});
export type SetupRequest = z.infer<typeof setupRequest>;

/** Of the authenticator app, or a recovery code. */
export const secondCode = z.string().trim().min(6).max(40);

export const loginRequest = z.object({
  email: z.email(),
  password: z.string().min(1).max(200),
  /** Asked for by a 401 `code-needed`, of those who have a second factor. */
  code: secondCode.optional(),
});
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
  /** The site demands a second factor, and this person has none: only their account is open to them. */
  lacksSecondFactor: z.boolean(),
  /** Came in through the identity provider of the site. */
  signedOn: z.boolean(),
});
export type SessionView = z.infer<typeof sessionView>;

/** What somebody may enter, and how things stand there. */
const siteCard = z.object({
  slug: z.string(),
  name: z.string(),
  /** Null to those who are not logged in. */
  own: z
    .object({
      role: z.enum(ROLES),
      state: siteState,
      hosts: z.object({ up: z.number(), missed: z.number(), down: z.number() }),
      /** Deltas of the last seven days that are likely real. */
      redOfWeek: z.number(),
      deltasOfDay: z.number(),
      lastScanAt: z.string().nullable(),
      scansRunning: z.number(),
    })
    .nullable(),
});
export type SiteCard = z.infer<typeof siteCard>;

/** GET /api/v1/sites: what the front door shows. */
export const frontDoorView = z.object({
  needsSetup: z.boolean(),
  /** Null: nobody is logged in. */
  visitor: z.object({ name: z.string(), email: z.string(), platformAdmin: z.boolean() }).nullable(),
  sites: z.array(siteCard),
});
export type FrontDoorView = z.infer<typeof frontDoorView>;

export const siteAddress = z.object({ slug: z.string() });

export const siteRequest = z.object({
  slug: siteSlug,
  name: z.string().trim().min(1, 'give a name').max(100),
  timeZone: z.string().min(1).max(64),
});
export type SiteRequest = z.infer<typeof siteRequest>;

/** GET /api/v1/platform/sites: `text` is a part of a name or address. */
export const platformQuery = pageQuery.extend({ text: z.string().max(100).optional() });

/** GET /api/v1/platform/sites: every site, for a platform administrator. Says nothing of its inside. */
export const platformSite = z.object({
  slug: z.string(),
  name: z.string(),
  state: siteState,
  /** Of one that is being deleted: how many went so far. */
  rowsDeleted: z.number(),
  createdAt: z.string(),
  memberCount: z.number(),
});
export type PlatformSite = z.infer<typeof platformSite>;
