import { TOTP, URI } from 'otpauth';

const PERIOD_MS = 30_000;

/**
 * Test data: the code that an authenticator app shows for an `otpauth:` address now, or so many times
 * 30 seconds later. The server takes that of one step later, too.
 */
export function codeOf(uri: string, stepsAhead = 0): string {
  return readUri(uri).generate({ timestamp: Date.now() + stepsAhead * PERIOD_MS });
}

/** The secret of an `otpauth:` address. */
export function secretOf(uri: string): string {
  return readUri(uri).secret.utf8;
}

function readUri(uri: string): TOTP {
  const parsed = URI.parse(uri);
  if (parsed instanceof TOTP) return parsed;
  throw new Error('not by time');
}
