/** How a session was opened: by a password, with its second factor where there is one, or by a passkey. */
export const LOGIN_WAYS = ['password', 'passkey'] as const;
export type LoginWay = (typeof LOGIN_WAYS)[number];
