import type { Claims } from '@netdelta/core/access/sign-on.ts';
import { z } from 'zod';

/** Who somebody is, as the provider says. */
export interface ClaimedPerson {
  readonly name: string;
  /** In lower case; empty: it names none. */
  readonly email: string;
  readonly emailVerified: boolean;
}

const MOST_LETTERS = 100;
const address = z.email().max(254);

export function readPerson(claims: Claims, subject: string): ClaimedPerson {
  const email = address.safeParse(textOf(claims.email)).data?.toLowerCase() ?? '';
  const names = [claims.name, claims.preferred_username, email, subject].map(textOf);
  return {
    name: names.find((name) => name !== '')?.slice(0, MOST_LETTERS) ?? subject,
    email,
    // Some providers write it as a text.
    emailVerified: claims.email_verified === true || claims.email_verified === 'true',
  };
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value.replaceAll(/\p{Cc}/gu, '').trim() : '';
}
