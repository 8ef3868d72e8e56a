import { z } from 'zod';
import { LOGIN_WAYS } from '../access/login-ways.ts';
import { KEY_PERMISSIONS, ROLES } from '../access/roles.ts';
import { newPassword, secondCode } from './accounts.ts';

export const role = z.enum(ROLES);

/** Somebody who may enter the site. */
export const memberView = z.object({
  id: z.string(),
  name: z.string(),
  email: z.string(),
  role,
  since: z.string(),
});
export type MemberView = z.infer<typeof memberView>;

export const memberChange = z.object({ role });

/** How an invitation reaches the person: by mail, or as a link that whoever invites hands over. */
const delivery = z.enum(['mail', 'link']);
export type Delivery = z.infer<typeof delivery>;

export const invitationRequest = z.object({
  email: z.email('is not an e-mail address').max(254),
  role,
  delivery,
});
export type InvitationRequest = z.infer<typeof invitationRequest>;

export const renewalRequest = z.object({ delivery });

/** An invitation that nobody has accepted yet. */
export const invitationView = z.object({
  id: z.uuid(),
  email: z.string(),
  role,
  /** Null: somebody who is gone. */
  invitedBy: z.string().nullable(),
  createdAt: z.string(),
  expiresAt: z.string(),
  delivery,
  /** Of the mail; a link needs no sending. */
  mail: z.object({ sentAt: z.string().nullable(), error: z.string().nullable() }),
});
export type InvitationView = z.infer<typeof invitationView>;

/** A new or renewed invitation. The link is told this once, and only where no mail carries it. */
export const invitationMade = z.object({
  invitation: invitationView,
  link: z.url().nullable(),
});

export type InvitationMade = z.infer<typeof invitationMade>;

const token = z.string().min(1).max(200);
export const invitationToken = z.object({ token });

/** What the holder of an invitation's link is shown. */
export const invitationOffer = z.object({
  siteName: z.string(),
  email: z.string(),
  role,
  invitedBy: z.string().nullable(),
  expiresAt: z.string(),
  /** Whether the e-mail address has an account already: then its password is asked, else a new one. */
  known: z.boolean(),
  /**
   * That account has never proved that the address is its own, and who holds this link has: they may make a
   * new account instead, and the other one ends.
   */
  contestable: z.boolean(),
});
export type InvitationOffer = z.infer<typeof invitationOffer>;

/**
 * For a known address: the password that it has. For a new one, and `anew` where the offer is contestable: a
 * name and a new password.
 */
export const acceptRequest = z.object({
  token,
  name: z.string().trim().min(1, 'give a name').max(100).optional(),
  password: z.string().min(1).max(200),
  code: secondCode.optional(),
  anew: z.boolean().optional(),
});
export type AcceptRequest = z.infer<typeof acceptRequest>;

export const nameChange = z.object({ name: z.string().trim().min(1, 'give a name').max(100) });

export const passwordChange = z.object({
  oldPassword: z.string().min(1, 'give the password that you have now').max(200),
  password: newPassword,
});
export type PasswordChange = z.infer<typeof passwordChange>;

export const resetRequest = z.object({ email: z.email('is not an e-mail address').max(254) });
export const resetPassword = z.object({ token, password: newPassword });

/** Setting up, ending and renewing a second factor ask the password again. */
export const passwordProof = z.object({
  password: z.string().min(1, 'give your password').max(200),
});

export const secondFactorView = z.object({
  enabled: z.boolean(),
  /** By this site. */
  demanded: z.boolean(),
});

/** What an authenticator app is given, and what helps when it is lost. Told once. */
export const secondFactorOffer = z.object({ uri: z.string(), recoveryCodes: z.array(z.string()) });
export type SecondFactorOffer = z.infer<typeof secondFactorOffer>;
export const recoveryCodes = secondFactorOffer.pick({ recoveryCodes: true });
export const codeProof = z.object({ code: secondCode });

/** What the site asks of its members. */
export const memberRules = z.object({ secondFactorDemanded: z.boolean() });
export type MemberRules = z.infer<typeof memberRules>;

/** One of a person's own sessions. */
export const ownSession = z.object({
  id: z.string(),
  userAgent: z.string(),
  address: z.string(),
  openedBy: z.enum(LOGIN_WAYS),
  createdAt: z.string(),
  lastUsedAt: z.string(),
  /** The one that asks. */
  current: z.boolean(),
});
export type OwnSession = z.infer<typeof ownSession>;
export const ownSessionList = z.object({ items: z.array(ownSession) });

export const keyPermissions = z
  .array(z.enum(KEY_PERMISSIONS))
  .min(1, 'give the key at least one scope')
  .max(KEY_PERMISSIONS.length)
  .transform((scopes) => KEY_PERMISSIONS.filter((scope) => scopes.includes(scope)));

export const keyRequest = z.object({
  name: z.string().trim().min(1, 'give the key a name').max(100),
  scopes: keyPermissions,
  /** ISO 8601; null: it does not expire. */
  expiresAt: z.iso.datetime({ offset: true }).nullable(),
});
export type KeyRequest = z.infer<typeof keyRequest>;

export const keyView = z.object({
  id: z.uuid(),
  name: z.string(),
  /** The first characters of the key, by which its owner knows it again. */
  hint: z.string(),
  scopes: z.array(z.enum(KEY_PERMISSIONS)),
  /** Null: made on the command line, or by somebody who is gone. */
  createdBy: z.string().nullable(),
  createdAt: z.string(),
  expiresAt: z.string().nullable(),
  /** To the minute. */
  lastUsedAt: z.string().nullable(),
});
export type KeyView = z.infer<typeof keyView>;

/** A new key, told this once. */
export const keyMade = z.object({ key: keyView, token: z.string() });
