import { changedFields } from '@netdelta/core/audit/changed-fields.ts';
import type { AuditFacts, AuditSide } from '@netdelta/core/audit/entry.ts';
import type { FastifyRequest } from 'fastify';
import type { SiteTransaction } from '../db/database.ts';
import { addressOf } from '../http/client-address.ts';
// They say what a request of a site, and one at the front door, holds.
import type {} from '../http/door-routes.ts';
import type {} from '../http/site-routes.ts';
import { hashEntry, NO_HASH } from './hash-entry.ts';
import { insertEntries, lockChains, selectLastEntries } from './queries.ts';
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
export function recordAudit(
  tx: SiteTransaction,
  siteId: string,
  source: AuditSource,
  change: AuditChange,
): Promise<void> {
  return recordAudits(tx, source, [{ siteId, change }]);
}

/** The same in several sites, once each, in a transaction of the system: as many statements as for one. */
export async function recordAudits(
  tx: SiteTransaction,
  source: AuditSource,
  places: readonly { readonly siteId: string; readonly change: AuditChange }[],
): Promise<void> {
  const told = places.flatMap(({ siteId, change }) => {
    const { before: was = null, after: is = null, ...what } = change;
    const sides = changedFields(storableSide(was), storableSide(is));
    const nothing = sides.before && sides.after && Object.keys(sides.after).length === 0;
    return nothing ? [] : [{ siteId, ...source, ...what, ...sides }];
  });
  const siteIds = told.map(({ siteId }) => siteId);
  await lockChains(tx, siteIds);
  const last = await selectLastEntries(tx, siteIds);
  const at = new Date().toISOString();
  const entries = told.map((facts) => {
    const before = last.get(facts.siteId);
    const entry = { ...facts, at, number: Number(before?.number ?? 0) + 1 };
    return { entry, hash: hashEntry(before?.hash ?? NO_HASH, entry) };
  });
  await insertEntries(tx, entries);
}
