import {
  type BetterAuth,
  headersOf,
  nullWhenRefused,
  readCookie,
  type SessionCookie,
} from './better-auth.ts';

/** What an authenticator app is given, and what helps when it is lost. Told once. */
export interface SecondFactorOffer {
  /** `otpauth://totp/…` (Google's key URI format), for a QR code or by hand. */
  readonly uri: string;
  /** Each works once. */
  readonly recoveryCodes: readonly string[];
}

/** Codes by time (TOTP, RFC 6238: 6 digits, 30 s) of an authenticator app, beside the password. */
export interface SecondFactor {
  /** Offers a new one, which holds from its first code on; null for a wrong password, or when there is one. */
  readonly offer: (cookie: SessionCookie, password: string) => Promise<SecondFactorOffer | null>;
  /** Answers the session that replaces this one, or this one when it holds already; null for a wrong code. */
  readonly confirm: (cookie: SessionCookie, code: string) => Promise<SessionCookie | null>;
  /** Answers the session that replaces this one; null for a wrong password. */
  readonly end: (cookie: SessionCookie, password: string) => Promise<SessionCookie | null>;
  /** Null for a wrong password, or when there is no second factor. */
  readonly renewCodes: (
    cookie: SessionCookie,
    password: string,
  ) => Promise<readonly string[] | null>;
}

export function createSecondFactor({ api }: BetterAuth, cookieName: string): SecondFactor {
  return {
    offer: async (cookie, password) => {
      const request = { body: { password }, headers: headersOf(cookie) };
      const made = await api.enableTwoFactor(request).catch(nullWhenRefused);
      if (!made || !('totpURI' in made)) return null;
      return { uri: made.totpURI, recoveryCodes: made.backupCodes };
    },
    confirm: async (cookie, code) => {
      const request = { body: { code }, headers: headersOf(cookie), returnHeaders: true } as const;
      const answer = await api.verifyTOTP(request).catch(nullWhenRefused);
      if (!answer) return null;
      // Where it was confirmed before, the session is not replaced.
      return answer.headers.has('set-cookie') ? readCookie(answer.headers, cookieName) : cookie;
    },
    end: async (cookie, password) => {
      const headers = headersOf(cookie);
      const request = { body: { password }, headers, returnHeaders: true } as const;
      const answer = await api.disableTwoFactor(request).catch(nullWhenRefused);
      return answer && readCookie(answer.headers, cookieName);
    },
    renewCodes: async (cookie, password) => {
      const request = { body: { password }, headers: headersOf(cookie) };
      const made = await api.generateBackupCodes(request).catch(nullWhenRefused);
      return made?.backupCodes ?? null;
    },
  };
}

const BY_TIME = /^\d{6}$/;

/**
 * Ends a login that waits for its second factor, by a code of the app or a recovery code. Null for a
 * wrong or used one, and for 15 minutes after ten in a row.
 */
export async function verifyCode({ api }: BetterAuth, typed: string, headers: Headers) {
  const code = typed.replaceAll(/\s/g, '');
  const request = { body: { code }, headers, returnHeaders: true } as const;
  const answer = await (BY_TIME.test(code)
    ? api.verifyTOTP(request)
    : api.verifyBackupCode(request)
  ).catch(nullWhenRefused);
  if (!answer) return null;
  const { id, name, email } = answer.response.user;
  return { user: { id, name, email }, headers: answer.headers };
}
