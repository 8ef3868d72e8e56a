import { AUDIT_ACTIONS, type AuditAction } from './actions.ts';

/**
 * Who acted: a person, an API key, a command on the machine by the name of its user there, a part of
 * the program itself, such as a schedule, the identity provider of the site by the label of its
 * button, or nobody that is known, by the name that was given.
 */
export interface AuditActor {
  readonly kind: 'person' | 'key' | 'command' | 'program' | 'provider' | 'nobody';
  readonly id: string | null;
  readonly name: string;
}

/** What was acted on, by the name that it had then. */
export interface AuditSubject {
  readonly kind: string;
  readonly id: string | null;
  readonly name: string;
}

/** Field by field, what was before and what came after; null: there was nothing, or is nothing now. */
export type AuditSide = Readonly<Record<string, unknown>> | null;

/** One thing that was done, without its place in the chain. */
export interface AuditFacts {
  /** ISO 8601 with milliseconds */
  readonly at: string;
  readonly actor: AuditActor;
  /** The client's address; null for a command. */
  readonly address: string | null;
  readonly userAgent: string | null;
  readonly action: AuditAction;
  readonly subject: AuditSubject;
  readonly before: AuditSide;
  readonly after: AuditSide;
}

/** A thing done and its place: numbers count from 1 in each site, without gaps. */
export interface AuditEntry extends AuditFacts {
  readonly siteId: string;
  readonly number: number;
}

/** An entry in one sentence: `Ada edited the group "DMZ"`. */
export function describeAudit({
  actor,
  action,
  subject,
}: Pick<AuditFacts, 'actor' | 'action' | 'subject'>): string {
  return `${actor.name} ${AUDIT_ACTIONS[action]} "${subject.name}"`;
}

/**
 * The text of an entry that is hashed: JSON with the keys of every object in order and no spaces,
 * so that the same entry is the same text however it was stored (RFC 8785 for what entries hold).
 */
export function canonicalEntry(entry: AuditEntry): string {
  const { siteId, number, at, actor, address, userAgent, action, subject, before, after } = entry;
  return JSON.stringify(
    inOrder({ siteId, number, at, actor, address, userAgent, action, subject, before, after }),
  );
}

function inOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inOrder);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([, field]) => field !== undefined);
  // By code units, as RFC 8785 has it. Null prototype: a field may be called __proto__.
  entries.sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.assign(
    Object.create(null),
    Object.fromEntries(entries.map(([key, field]) => [key, inOrder(field)])),
  );
}
