import { createHash } from 'node:crypto';
import type { AuditSide } from '@netdelta/core/audit/entry.ts';

const MOST_CHARACTERS = 8_000;

/**
 * A side as jsonb gives it back, so that its hash can be computed again: no undefined, no NUL (which
 * jsonb refuses). A longer text than 8,000 characters is kept as its beginning, length and SHA-256.
 */
export function storableSide(side: AuditSide): AuditSide {
  if (side === null) return null;
  return JSON.parse(JSON.stringify(side), (_key, value: unknown) =>
    typeof value === 'string' ? storableText(value) : value,
  ) as AuditSide;
}

function storableText(text: string): unknown {
  const clean = text.toWellFormed().replaceAll('\0', '\u{fffd}');
  if (clean.length <= MOST_CHARACTERS) return clean;
  return {
    begins: clean.slice(0, MOST_CHARACTERS).toWellFormed(),
    characters: text.length,
    sha256: createHash('sha256').update(text).digest('hex'),
  };
}
