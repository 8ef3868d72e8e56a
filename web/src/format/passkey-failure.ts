interface PasskeyFailure {
  /** `unsupported`, or that of @simplewebauthn/browser's WebAuthnError. */
  readonly code: string;
  /** Of the browser's own error. */
  readonly name?: string;
  readonly message?: string;
  /** To which passkeys of this server belong, and as what the page was opened. */
  readonly hostName: string;
  readonly here: string;
  /** Whether the page came by https, or from this machine. */
  readonly secure: boolean;
}

/** Says why the browser gave no passkey, and what helps. */
export function describePasskeyFailure(failure: PasskeyFailure): string {
  const { code, name, message = '', hostName, here, secure } = failure;
  if (code === 'unsupported')
    return secure
      ? 'This browser knows no passkeys. Use a current Chrome, Edge, Firefox or Safari, or log in by your password.'
      : 'Browsers give passkeys only to pages that come by https. Open this server by https, or log in by your password.';
  if (code === 'ERROR_INVALID_DOMAIN' || code === 'ERROR_INVALID_RP_ID')
    return `Passkeys of this server belong to ${hostName}, and this page was opened as ${here}. Open it as ${hostName}.`;
  if (code === 'ERROR_AUTHENTICATOR_PREVIOUSLY_REGISTERED')
    return 'This device, or its password manager, has a passkey of yours for this server already.';
  if (INCAPABLE.has(code))
    return 'This device keeps no passkeys that are opened by finger, face or PIN. Set up its screen lock, or use another device.';
  if (name === 'NotAllowedError' || name === 'AbortError')
    return 'The browser gave no passkey: you cancelled, it took too long, or there is none for this server on this device.';
  return `The browser gave no passkey: ${message}`;
}

const INCAPABLE = new Set([
  'ERROR_AUTHENTICATOR_MISSING_DISCOVERABLE_CREDENTIAL_SUPPORT',
  'ERROR_AUTHENTICATOR_MISSING_USER_VERIFICATION_SUPPORT',
  'ERROR_AUTHENTICATOR_NO_SUPPORTED_PUBKEYCREDPARAMS_ALG',
]);
