import type { PasskeyLogin, PasskeyRequest } from '@netdelta/core/api/passkeys.ts';
import {
  browserSupportsWebAuthn,
  type PublicKeyCredentialCreationOptionsJSON,
  type PublicKeyCredentialRequestOptionsJSON,
  startAuthentication,
  startRegistration,
  WebAuthnError,
} from '@simplewebauthn/browser';
import { describePasskeyFailure } from '../format/passkey-failure.ts';

/** Options of Web Authentication, as the server wrote them. */
type Options = Readonly<Record<string, unknown>>;

/** Lets the browser make a passkey. @throws Error that says why it did not, for people */
export function makePasskey(options: Options): Promise<PasskeyRequest['credential']> {
  const optionsJSON = options as unknown as PublicKeyCredentialCreationOptionsJSON;
  return ask(() => startRegistration({ optionsJSON }), optionsJSON.rp.id);
}

/** Lets the browser sign with a passkey that it has. @throws Error that says why it did not, for people */
export async function signByPasskey(options: Options): Promise<PasskeyLogin> {
  const optionsJSON = options as unknown as PublicKeyCredentialRequestOptionsJSON;
  const { response, ...signed } = await ask(
    () => startAuthentication({ optionsJSON }),
    optionsJSON.rpId,
  );
  // One that was found by itself says whose it is; the server refuses others.
  return { ...signed, response: { ...response, userHandle: response.userHandle ?? '' } };
}

async function ask<Answer>(start: () => Promise<Answer>, hostName = ''): Promise<Answer> {
  const { isSecureContext: secure, location } = window;
  const place = { hostName, here: location.host, secure };
  if (!browserSupportsWebAuthn())
    throw new Error(describePasskeyFailure({ ...place, code: 'unsupported' }));
  return start().catch((cause: unknown) => {
    const { name, message } = cause instanceof Error ? cause : new Error(String(cause));
    const code = cause instanceof WebAuthnError ? cause.code : name;
    const sentence = describePasskeyFailure({ ...place, code, name, message });
    throw new Error(sentence, { cause });
  });
}
