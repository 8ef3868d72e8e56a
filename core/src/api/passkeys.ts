import { z } from 'zod';

/** Bytes in base64url without padding (RFC 4648, 5), as Web Authentication writes them in JSON. */
const base64url = (most: number) =>
  z
    .string()
    .min(1)
    .max(most)
    .regex(/^[A-Za-z0-9_-]+$/, 'is not base64url');

const credentialId = base64url(1_400);

/** One of a person's own passkeys. */
export const passkeyView = z.object({
  id: z.uuid(),
  name: z.string(),
  /** It works where NetDelta is reached by this name, and nowhere else. */
  hostName: z.string(),
  /** Whether its maker keeps copies: it outlives the device. */
  backedUp: z.boolean(),
  createdAt: z.string(),
  lastUsedAt: z.string().nullable(),
});
export type PasskeyView = z.infer<typeof passkeyView>;

export const passkeyList = z.object({
  items: z.array(passkeyView),
  /** Where passkeys are made and used now; null where the address allows none. */
  place: z.object({ hostName: z.string(), origin: z.string() }).nullable(),
  /** Why the address allows none, and what helps. */
  obstacle: z.string().nullable(),
});

/** What the browser is asked to sign or make: options of Web Authentication, as JSON. */
export const passkeyChallenge = z.object({
  options: z.looseObject({ challenge: z.string() }),
});

/** What the browser made of it (RegistrationResponseJSON of Web Authentication, level 3). */
const registration = z.object({
  id: credentialId,
  rawId: credentialId,
  type: z.literal('public-key'),
  response: z.object({
    clientDataJSON: base64url(8_000),
    attestationObject: base64url(100_000),
    transports: z.array(z.string().max(32)).max(16).optional(),
  }),
});

export const passkeyRequest = z.object({
  name: z.string().trim().min(1, 'give it a name').max(100),
  credential: registration,
});
export type PasskeyRequest = z.infer<typeof passkeyRequest>;

/** AuthenticationResponseJSON of Web Authentication, level 3. */
export const passkeyLogin = z.object({
  id: credentialId,
  rawId: credentialId,
  type: z.literal('public-key'),
  response: z.object({
    clientDataJSON: base64url(8_000),
    authenticatorData: base64url(8_000),
    signature: base64url(8_000),
    /** Whose it is: a passkey that is found without an e-mail address knows it. */
    userHandle: base64url(100),
  }),
});
export type PasskeyLogin = z.infer<typeof passkeyLogin>;
