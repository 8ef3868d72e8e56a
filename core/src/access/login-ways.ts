/**
 * How a session was opened: by a password, with its second factor where there is one, by a
 * passkey, or through the identity provider of a site, which it then opens alone.
 */
export const LOGIN_WAYS = ['password', 'passkey', 'sign-on'] as const;
export type LoginWay = (typeof LOGIN_WAYS)[number];
