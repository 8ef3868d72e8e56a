import { TOTP, URI } from 'otpauth';

const PERIOD_MS = 30_000;

/**
 * Test data: the code that an authenticator app shows for an `otpauth:` address now; `stepsAhead`: or
 * 30 seconds later or earlier, each. The server takes those of -1, 0 and 1, each once and in this order.
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
