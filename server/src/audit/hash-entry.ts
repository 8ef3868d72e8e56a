import { createHash } from 'node:crypto';
import { type AuditEntry, canonicalEntry } from '@netdelta/core/audit/entry.ts';

/** What stands before the first entry of a chain. */
export const NO_HASH: Buffer = Buffer.alloc(32);

/** SHA-256 (32 bytes) of the hash before and the entry's canonical text. */
export function hashEntry(previous: Buffer, entry: AuditEntry): Buffer {
  return createHash('sha256').update(previous).update(canonicalEntry(entry)).digest();
}
