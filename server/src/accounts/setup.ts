import { createHash, randomBytes, randomUUID } from 'node:crypto';
import type { SetupRequest } from '@netdelta/core/api/accounts.ts';
import type { Database } from '../db/database.ts';
import type { Auth } from './auth.ts';
import {
  deleteSetupLink,
  insertSite,
  insertUser,
  lockSetup,
  selectFirstSites,
  upsertSetupLink,
} from './queries.ts';

const TOKEN_BYTES = 32;

/**
 * Makes the one-time link by which a person sets up the first site, below the address where the
 * server is reached; null when a site exists. It replaces the link of the start before. Only the
 * token's SHA-256 is stored.
 */
export async function createSetupLink(database: Database, serverUrl: URL): Promise<URL | null> {
  const token = randomBytes(TOKEN_BYTES).toString('base64url');
  const stored = await database.system.transaction().execute(async (tx) => {
    await lockSetup(tx);
    if ((await selectFirstSites(tx)).length > 0) return false;
    await upsertSetupLink(tx, hashToken(token));
    return true;
  });
  if (!stored) return null;
  const path = serverUrl.pathname.endsWith('/') ? 'setup' : `${serverUrl.pathname}/setup`;
  const link = new URL(path, serverUrl);
  link.searchParams.set('token', token);
  return link;
}

type SetupOutcome = 'done' | 'refused' | { problems: { path: string; message: string }[] };

/**
 * Makes the first site with its owner and built-in profiles, and ends the link, in one transaction.
 * `refused` when the token is not the valid one or a site exists.
 */
export async function setUpSite(
  { database, auth }: { database: Database; auth: Auth },
  request: SetupRequest,
): Promise<SetupOutcome> {
  const { token, siteSlug, siteName, timeZone, name, email, password } = request;
  if (!isTimeZone(timeZone)) return { problems: [{ path: 'timeZone', message: NO_TIME_ZONE }] };
  const user = {
    id: randomUUID(),
    name,
    email,
    passwordHash: await auth.hashPassword(password),
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

const NO_TIME_ZONE = 'is no time zone; use a name such as Europe/Berlin or UTC';

function isTimeZone(timeZone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone });
    return true;
  } catch {
    return false;
  }
}

function hashToken(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
