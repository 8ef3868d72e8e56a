import { randomUUID } from 'node:crypto';
import type { SetupRequest } from '@netdelta/core/api/accounts.ts';
import type { Database } from '../db/database.ts';
import { createToken, hashToken, linkTo } from './one-time-link.ts';
import { hashPassword } from './password-hash.ts';
import { findWeakness } from './password-strength.ts';
import {
  deleteSetupLink,
  insertSite,
  insertUser,
  lockSetup,
  selectFirstSites,
  upsertSetupLink,
} from './queries.ts';

/**
 * Makes the one-time link by which a person sets up the first site, below the address where the
 * server is reached; null when a site exists. It replaces the link of the start before. Only the
 * token's SHA-256 is stored.
 */
export async function createSetupLink(database: Database, serverUrl: URL): Promise<URL | null> {
  const { token, tokenHash } = createToken();
  const stored = await database.system.transaction().execute(async (tx) => {
    await lockSetup(tx);
    if ((await selectFirstSites(tx)).length > 0) return false;
    await upsertSetupLink(tx, tokenHash);
    return true;
  });
  return stored ? linkTo(serverUrl, 'setup', token) : null;
}

type SetupOutcome = 'done' | 'refused' | { problems: Problem[] };

/**
 * Makes the first site with its owner and built-in profiles, and ends the link, in one transaction.
 * `refused` when the token is not the valid one or a site exists.
 */
export async function setUpSite(
  { database }: { database: Database },
  request: SetupRequest,
): Promise<SetupOutcome> {
  const { token, siteSlug, siteName, timeZone, name, email, password } = request;
  const problems = await findProblems(request);
  if (problems.length > 0) return { problems };
  const user = {
    id: randomUUID(),
    name,
    email,
    passwordHash: await hashPassword(password),
    platformAdmin: true,
  };
  return database.system.transaction().execute(async (tx) => {
    await lockSetup(tx);
    if (!(await deleteSetupLink(tx, hashToken(token)))) return 'refused';
    if ((await selectFirstSites(tx)).length > 0) return 'refused';
    await insertUser(tx, user);
    await insertSite(tx, { slug: siteSlug, name: siteName, timeZone }, user.id);
    return 'done';
  });
}

interface Problem {
  readonly path: string;
  readonly message: string;
}

async function findProblems({ timeZone, password, ...known }: SetupRequest): Promise<Problem[]> {
  const { name, email, siteName, siteSlug } = known;
  const weakness = await findWeakness(password, { known: [name, email, siteName, siteSlug] });
  return [
    ...(isTimeZone(timeZone) ? [] : [{ path: 'timeZone', message: NO_TIME_ZONE }]),
    ...(weakness ? [{ path: 'password', message: weakness }] : []),
  ];
}

export const NO_TIME_ZONE = 'is no time zone; use a name such as Europe/Berlin or UTC';

/** Whether this is an IANA name that this machine knows. */
export function isTimeZone(timeZone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone });
    return true;
  } catch {
    return false;
  }
}
