import { changedFields } from '@netdelta/core/audit/changed-fields.ts';
import type { AuditFacts, AuditSide } from '@netdelta/core/audit/entry.ts';
import type { FastifyRequest } from 'fastify';
import type { SiteTransaction } from '../db/database.ts';
import { addressOf } from '../http/client-address.ts';
// They say what a request of a site, and one at the front door, holds.
import type {} from '../http/door-routes.ts';
import type {} from '../http/site-routes.ts';
import { hashEntry, NO_HASH } from './hash-entry.ts';
import { insertEntry, lockChain, selectLastEntry } from './queries.ts';
import { storableSide } from './storable-side.ts';

/** Who acts, from where. */
export type AuditSource = Pick<AuditFacts, 'actor' | 'address' | 'userAgent'>;

/** What was done. Of an edit only the fields that changed are kept. */
export type AuditChange = Pick<AuditFacts, 'action' | 'subject'> & {
  readonly before?: AuditSide;
  readonly after?: AuditSide;
};

/** The member, or the API key, that asks. */
export function sourceOf({ user, ip, headers }: FastifyRequest): AuditSource {
  const { id, name, role } = user;
  return {
    actor: { kind: role === null ? 'key' : 'person', id, name },
    ...clientOf({ ip, headers }),
  };
}

/** Whoever is logged in at the front door. */
export function sourceOfVisitor({ visitor, ip, headers }: FastifyRequest): AuditSource {
  const { id, name } = visitor;
  return { actor: { kind: 'person', id, name }, ...clientOf({ ip, headers }) };
}

/** NetDelta itself, by the name of its part. */
export function sourceOfProgram(name: string, id: string | null = null): AuditSource {
  return { actor: { kind: 'program', id, name }, address: null, userAgent: null };
}

/** Where a request comes from. */
export function clientOf({ ip, headers }: Pick<FastifyRequest, 'ip' | 'headers'>) {
  return { address: addressOf({ ip }), userAgent: headers['user-agent'] ?? null };
}

/**
 * Writes down what is done, in the transaction that does it: neither is there without the other. An
 * edit that changed nothing is not written. Call it last: others who act on the site wait from here
 * to the end of the transaction.
 */
export async function recordAudit(
  tx: SiteTransaction,
  siteId: string,
  source: AuditSource,
  { action, subject, before: was = null, after: is = null }: AuditChange,
): Promise<void> {
  const { before, after } = changedFields(storableSide(was), storableSide(is));
  if (before && after && Object.keys(after).length === 0) return;
  await lockChain(tx, siteId);
  const last = await selectLastEntry(tx, siteId);
  const number = Number(last?.number ?? 0) + 1;
  const at = new Date().toISOString();
  const entry = { siteId, number, at, ...source, action, subject, before, after };
  await insertEntry(tx, entry, hashEntry(last?.hash ?? NO_HASH, entry));
}
