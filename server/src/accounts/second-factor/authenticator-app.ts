import { generateRandomString } from 'better-auth/crypto';
import { Secret, TOTP } from 'otpauth';

const PERIOD_SECONDS = 30;
/** A code of the step before or after is taken, too: clocks differ, and typing takes time. */
const WINDOW_STEPS = 1;
const SECRET_CHARACTERS = 32;
const RECOVERY_CODES = 10;
const RECOVERY_CHARACTERS = 10;

export function createAppSecret(): string {
  return generateRandomString(SECRET_CHARACTERS);
}

/** `otpauth://totp/…` (Google's key URI format), for a QR code or by hand. */
export function uriOf(secret: string, email: string): string {
  return createTotp(secret, email).toString();
}

/** The time step (RFC 6238) whose code this is; null for none of about now. */
export function findStep(secret: string, code: string, nowMs: number): number | null {
  const delta = createTotp(secret).validate({
    token: code,
    timestamp: nowMs,
    window: WINDOW_STEPS,
  });
  return delta === null ? null : Math.floor(nowMs / 1_000 / PERIOD_SECONDS) + delta;
}

/** Ten codes such as `x7Kd2-Qp9aB`, 59 random bits each. */
export function createRecoveryCodes(): string[] {
  return Array.from({ length: RECOVERY_CODES }, () => {
    const code = generateRandomString(RECOVERY_CHARACTERS, 'a-z', 'A-Z', '0-9');
    return `${code.slice(0, 5)}-${code.slice(5)}`;
  });
}

function createTotp(secret: string, email = ''): TOTP {
  return new TOTP({
    issuer: 'NetDelta',
    label: email,
    secret: Secret.fromUTF8(secret),
    algorithm: 'SHA1',
    digits: 6,
    period: PERIOD_SECONDS,
  });
}
