import type { FastifyRequest } from 'fastify';
import { clientOf, recordAudit } from '../audit/record-audit.ts';
import type { Database } from '../db/database.ts';

/** Writes down that somebody came into a site: by a login, or by an invitation. */
export function recordEntered(
  { withSite }: Database,
  request: FastifyRequest,
  who: { id: string; name: string; action: 'session.opened' | 'invitation.accepted' },
): Promise<void> {
  const { id, name, action } = who;
  const { site } = request;
  const source = { actor: { kind: 'person', id, name }, ...clientOf(request) } as const;
  const subject = { kind: 'site', id: site.id, name: site.name };
  return withSite(site.id, (tx) => recordAudit(tx, site.id, source, { action, subject }));
}

/** Writes down a refused login, by the e-mail address that was given. Whose it is nobody knows. */
export function recordRefused(
  { withSite }: Database,
  request: FastifyRequest,
  email: string,
): Promise<void> {
  const { site } = request;
  const source = {
    actor: { kind: 'nobody', id: null, name: email },
    ...clientOf(request),
  } as const;
  const subject = { kind: 'site', id: site.id, name: site.name };
  const change = { action: 'session.refused', subject } as const;
  return withSite(site.id, (tx) => recordAudit(tx, site.id, source, change));
}
