import type { PasskeyLogin } from '@netdelta/core/api/passkeys.ts';
import type { AccountParts } from '../account-parts.ts';
import type { Login } from '../auth.ts';
import type { Client } from '../better-auth.ts';
import {
  insertChallenge,
  lockPasskey,
  selectPasskey,
  takeChallenge,
  updateToUsed,
} from './queries.ts';
import type { RelyingParty } from './relying-party.ts';

type PasskeyParts = Pick<AccountParts, 'database' | 'auth' | 'log'>;

/** What a browser is to sign to log in: by any passkey that it has for this host name. */
export async function challengeForLogin(
  { database: { system } }: PasskeyParts,
  { party, tokenHash }: { party: RelyingParty; tokenHash: Buffer },
) {
  const { generateAuthenticationOptions } = await import('@simplewebauthn/server');
  const options = await generateAuthenticationOptions({
    rpID: party.hostName,
    userVerification: 'required',
  });
  await insertChallenge(system, { tokenHash, challenge: options.challenge, userId: null });
  return options;
}

interface Answer {
  readonly credential: PasskeyLogin;
  readonly party: RelyingParty;
  /** Of the browser's cookie. */
  readonly tokenHash: Buffer | null;
  readonly client: Client;
}

/** `email`: whose passkey it claims to be; null: one that nobody has. */
type PasskeyOutcome =
  | Login
  | { readonly refused: 'ended' | 'wrong'; readonly email: string | null };

/**
 * Logs in whose passkey has signed the challenge, at this origin and after its finger, face or PIN. A
 * challenge works once, and a passkey that counts its signatures must have counted on (Web
 * Authentication, 6.1.1): one that did not is a copy.
 */
export async function logInByPasskey(parts: PasskeyParts, answer: Answer): Promise<PasskeyOutcome> {
  const { credential, tokenHash } = answer;
  const { system } = parts.database;
  const challenge = tokenHash && (await takeChallenge(system, { tokenHash, userId: null }));
  if (!challenge) return { refused: 'ended', email: null };
  const passkey = await selectPasskey(system, Buffer.from(credential.id, 'base64url'));
  if (!passkey) return { refused: 'wrong', email: null };
  const { user_id: userId, id, userName: name, email } = passkey;
  const wrong = { refused: 'wrong', email } as const;
  const signed = await verifySignature(passkey, challenge, answer).catch((error: Error) => {
    parts.log.warn({ userId, passkey: id, reason: error.message }, 'refused a passkey');
    return null;
  });
  if (!signed) return wrong;
  const counted = passkey.signature_count;
  if (!(await updateToUsed(system, { userId, id, counted, ...signed }))) return wrong;
  const login = await parts.auth.openSession({ id: userId, name, email }, 'passkey', answer.client);
  // Removing a passkey ends the sessions that it finds; this one it may not have found.
  if (await system.transaction().execute((tx) => lockPasskey(tx, userId, id))) return login;
  await parts.auth.logout(login.cookie);
  return wrong;
}

type KnownPasskey = NonNullable<Awaited<ReturnType<typeof selectPasskey>>>;

/** Null, or an error, for whatever is not as it was asked for. */
async function verifySignature(
  { user_id, credential_id, public_key, signature_count, transports, host_name }: KnownPasskey,
  expectedChallenge: string,
  { credential: response, party }: Answer,
) {
  const owner = Buffer.from(response.response.userHandle, 'base64url').toString();
  if (owner !== user_id || host_name !== party.hostName) return null;
  const { verifyAuthenticationResponse } = await import('@simplewebauthn/server');
  const outcome = await verifyAuthenticationResponse({
    response: { ...response, clientExtensionResults: {} },
    expectedChallenge,
    expectedOrigin: party.origin,
    expectedRPID: party.hostName,
    requireUserVerification: true,
    credential: {
      id: credential_id.toString('base64url'),
      publicKey: new Uint8Array(public_key),
      counter: Number(signature_count),
      transports,
    },
  });
  if (!outcome.verified) return null;
  const { newCounter: counts, credentialBackedUp: backedUp } = outcome.authenticationInfo;
  return { counts, backedUp };
}
