import { z } from 'zod';
import { ROLES } from '../access/roles.ts';

const NO_ISSUER = 'has to be an address such as https://login.example.org/realms/acme';
const NOT_PRIVATE = 'has to begin with https://, or nobody could tell who answers';
const NOT_BARE = 'has to be without user, password, ? and #';
const LOOPBACK = /^http:\/\/(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d+)?(\/|$)/i;

/** The address by which a provider is known; without encryption only on this machine. */
const issuer = z
  .string()
  .trim()
  .max(500)
  .pipe(z.url({ protocol: /^https?$/, error: NO_ISSUER }))
  .refine((text) => !/^http:/i.test(text) || LOOPBACK.test(text), NOT_PRIVATE)
  .refine((text) => !/[?#@\s]/.test(text), NOT_BARE)
  .transform(writeIssuer);

/** One way to write one address: the host in lower case and, alone, without a slash at its end. */
function writeIssuer(text: string): string {
  const [, host = '', path = ''] = /^(https?:\/\/[^/]+)(.*)$/i.exec(text) ?? [];
  return host.toLowerCase() + (path === '/' ? '' : path);
}

const label = z.string().trim().min(1, 'give the button a label').max(60);
const scopes = z
  .string()
  .trim()
  .max(500)
  .regex(/^[\x21\x23-\x5b\x5d-\x7e]+( +[\x21\x23-\x5b\x5d-\x7e]+)*$/, 'are words between spaces')
  .refine((text) => text.split(/ +/).includes('openid'), 'have to hold "openid"');

const groupRole = z.object({
  group: z.string().trim().min(1, 'name the group').max(300),
  role: z.enum(ROLES),
});

/** Whether every group has one role. */
const eachOnce = (rows: readonly { group: string }[]) =>
  new Set(rows.map(({ group }) => group)).size === rows.length;

/** What a site says of its identity provider, all but the secret. */
const signOnRule = z.object({
  enabled: z.boolean(),
  label,
  issuer,
  clientId: z.string().trim().min(1, 'give the client id').max(300),
  scopes,
  groupsClaim: z.string().trim().min(1, 'name the claim').max(200),
  roles: z.array(groupRole).max(200).refine(eachOnce, 'hold the same group twice'),
  /** For those in none of the groups; null: they do not come in. */
  otherwise: z.enum(ROLES).exclude(['owner']).nullable(),
  /** Whether people who are no members become members by coming in. */
  admitsNew: z.boolean(),
  /** Whether the provider's word on who has an e-mail address is enough to be the member who has it. */
  linksByEmail: z.boolean(),
  /** Whether members who are no owners may log in by a password. Owners always may. */
  passwordAllowed: z.boolean(),
  /** When a login counts as one with a second factor: as the provider says, or always. */
  secondFactor: z.enum(['asserted', 'always']),
  /** After so long people have to come in again. */
  sessionHours: z.number().int().min(1).max(720),
});

export const signOnRequest = signOnRule
  .extend({
    /** Absent: as it is. Null: there is none. It is never told again. */
    clientSecret: z.string().min(1).max(1000).nullable().optional(),
  })
  .superRefine(({ roles, otherwise, admitsNew, linksByEmail }, { addIssue }) => {
    if (roles.length === 0 && otherwise === null)
      addIssue({ code: 'custom', path: ['roles'], message: NOBODY_BY_ROLE });
    if (!admitsNew && !linksByEmail)
      addIssue({ code: 'custom', path: ['admitsNew'], message: NOBODY_KNOWN });
  });
export type SignOnRequest = z.infer<typeof signOnRequest>;

const NOBODY_BY_ROLE = 'give a group a role, or a role to everybody: else nobody could come in';
const NOBODY_KNOWN =
  'take new people in, or link members by their e-mail address: else nobody could come in';

export const signOnView = z.object({
  /** What has to be registered at the provider: where it sends people back to. */
  redirectUri: z.string(),
  /** Null: the site has none. */
  provider: signOnRule.extend({ issuer: z.string(), hasSecret: z.boolean() }).nullable(),
});
export type SignOnView = z.infer<typeof signOnView>;

export const signOnCheckRequest = signOnRule
  .pick({ issuer: true, clientId: true, scopes: true, groupsClaim: true })
  .extend({ clientSecret: signOnRequest.shape.clientSecret });
export type SignOnCheckRequest = z.infer<typeof signOnCheckRequest>;

/** What a look at the provider found, in the order in which it was looked. */
export const signOnFindings = z.object({
  findings: z.array(z.object({ level: z.enum(['good', 'doubtful', 'bad']), message: z.string() })),
});
export type SignOnFinding = z.infer<typeof signOnFindings>['findings'][number];

/** What the login page offers; null: e-mail and password alone. */
export const signOnOffer = z.object({ label: z.string().nullable() });

/** Where to go after the login. */
export const signOnStart = z.object({ next: z.string().max(2000).optional() });
