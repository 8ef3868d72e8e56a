import {
  EXPORT_LINE_TYPES,
  EXPORT_VERSION,
  type ExportCounts,
  type ExportHead,
} from '@netdelta/core/api/export.ts';
import type { SiteSnapshot } from '../db/site-snapshot.ts';
import { createUncopier } from './copied-lines.ts';
import { selectLines } from './fact-queries.ts';

/** Whose facts a file holds. */
export interface ExportedPlace {
  readonly site: { readonly slug: string; readonly name: string };
  /** Null: all groups of the site. */
  readonly group: { readonly id: string; readonly name: string } | null;
}

/**
 * Writes everything of a site or group as NDJSON (docs/export.md), in pieces, as the database sends
 * them: whatever the size, only a piece is held. `details`: with what each shard saw.
 */
export async function* writeNdjson(
  snapshot: SiteSnapshot,
  { site, group, details }: ExportedPlace & { readonly details: boolean },
): AsyncGenerator<Buffer> {
  const { slug, name } = site;
  const head: ExportHead = {
    type: 'export',
    version: EXPORT_VERSION,
    at: snapshot.at,
    site: { slug, name },
    group: group && { id: group.id, name: group.name },
    details,
  };
  yield toLine(head);
  const counts: ExportCounts = {};
  for (const type of EXPORT_LINE_TYPES) {
    const query = selectLines(type, { groupId: group?.id ?? null, details }, snapshot.quote);
    counts[type] = yield* uncopied(snapshot.copy(query));
  }
  yield toLine({ type: 'end', counts });
}

async function* uncopied(copy: AsyncGenerator<Buffer, number>): AsyncGenerator<Buffer, number> {
  const uncopy = createUncopier();
  try {
    for (;;) {
      const { done, value } = await copy.next();
      if (done) return value;
      yield uncopy(value);
    }
  } finally {
    await copy.return(0);
  }
}

function toLine(line: object): Buffer {
  return Buffer.from(`${JSON.stringify(line)}\n`);
}
