import type { LoginWay } from '@netdelta/core/access/login-ways.ts';
import type { FastifyRequest } from 'fastify';
import { clientOf, recordAudit, recordAudits } from '../audit/record-audit.ts';
import type { Database, SiteTransaction } from '../db/database.ts';
import { selectSitesOfEmail } from './queries.ts';

interface NamedSite {
  readonly id: string;
  readonly name: string;
}

interface Entry {
  readonly id: string;
  readonly name: string;
  readonly action: 'session.opened' | 'invitation.accepted';
  readonly openedBy: LoginWay;
}

/** Writes down that somebody came into a site: by a login, through the front door, or by an invitation. */
export function recordEntered(
  tx: SiteTransaction,
  site: NamedSite,
  { request, who }: { request: FastifyRequest; who: Entry },
): Promise<void> {
  const { id, name, action, openedBy } = who;
  const source = { actor: { kind: 'person', id, name }, ...clientOf(request) } as const;
  return recordAudit(tx, site.id, source, {
    ...{ action, subject: subjectOf(site), after: { openedBy } },
  });
}

/** Writes down a refused login, by the e-mail address that was given. Whose it is nobody knows. */
export function recordRefused(
  tx: SiteTransaction,
  sites: readonly NamedSite[],
  { request, email }: { request: FastifyRequest; email: string },
): Promise<void> {
  const actor = { kind: 'nobody', id: null, name: email } as const;
  const places = sites.map((site) => ({
    siteId: site.id,
    change: { action: 'session.refused', subject: subjectOf(site) } as const,
  }));
  return recordAudits(tx, { actor, ...clientOf(request) }, places);
}

/** The same at the front door: in every site that the address would have opened. */
export async function recordRefusedAtDoor(
  { system }: Database,
  attempt: { request: FastifyRequest; email: string },
): Promise<void> {
  await system.transaction().execute(async (tx) => {
    const sites = await selectSitesOfEmail(tx, attempt.email.toLowerCase());
    await recordRefused(tx, sites, attempt);
  });
}

function subjectOf({ id, name }: NamedSite) {
  return { kind: 'site', id, name };
}
