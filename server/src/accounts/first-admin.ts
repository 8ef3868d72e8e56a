import { randomUUID } from 'node:crypto';
import { setupRequest } from '@netdelta/core/api/accounts.ts';
import type { z } from 'zod';
import type { Database } from '../db/database.ts';
import { hashPassword } from './password-hash.ts';
import { deleteSetupLinks, insertSite, insertUser, lockSetup, selectIsEmpty } from './queries.ts';

export interface FirstAdminParts {
  readonly database: Database;
  /** NETDELTA_ADMIN_EMAIL and NETDELTA_ADMIN_PASSWORD, as they stand in the environment. */
  readonly email: string | undefined;
  readonly password: string | undefined;
  /** IANA name, for the site. */
  readonly timeZone: string;
}

export type FirstAdminOutcome =
  | { readonly kind: 'created'; readonly siteSlug: string }
  /** Neither variable is set, or somebody is there already. */
  | { readonly kind: 'ignored' }
  /** One sentence a problem, each naming its variable. Nothing was stored. */
  | { readonly kind: 'invalid'; readonly problems: readonly string[] };

const MAIN = { slug: 'main', name: 'Main' };

/** At the very first start: makes the site `main` and its owner from the environment, all at once. */
export async function createFirstAdmin(parts: FirstAdminParts): Promise<FirstAdminOutcome> {
  const { database, timeZone } = parts;
  if (!parts.email && !parts.password) return { kind: 'ignored' };
  if (!(await selectIsEmpty(database.system))) return { kind: 'ignored' };
  const parsed = adminVariables.safeParse(parts);
  if (!parsed.success) return { kind: 'invalid', problems: describeProblems(parsed.error) };
  const { email, password } = parsed.data;
  const passwordHash = await hashPassword(password);
  const user = {
    id: randomUUID(),
    name: email.replace(/@.*/, ''),
    email,
    passwordHash,
    platformAdmin: true,
  };
  return database.system.transaction().execute(async (tx) => {
    await lockSetup(tx);
    if (!(await selectIsEmpty(tx))) return { kind: 'ignored' };
    await insertUser(tx, user);
    await insertSite(tx, { ...MAIN, timeZone }, user.id);
    await deleteSetupLinks(tx);
    return { kind: 'created', siteSlug: MAIN.slug };
  });
}

const adminVariables = setupRequest.pick({ email: true, password: true });

function describeProblems({ issues }: z.ZodError): string[] {
  return issues.map(({ path: [name], code, message }) => {
    const variable = `NETDELTA_ADMIN_${String(name).toUpperCase()}`;
    return code === 'invalid_type' ? `${variable} is missing` : `${variable}: ${message}`;
  });
}
