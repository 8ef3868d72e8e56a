import type { CsvFilter, CsvList, ExportFormat } from '@netdelta/core/api/export.ts';
import type { SiteSnapshot } from '../db/site-snapshot.ts';
import { gatherPieces } from './pieces.ts';
import { writeCsv } from './write-csv.ts';
import { type ExportedPlace, writeNdjson } from './write-ndjson.ts';
import { writeBeliefXml } from './write-xml.ts';

/** One file: whose facts, in which form, and which of them. */
export interface ExportWish extends ExportedPlace {
  readonly timeZone: string;
  readonly format: ExportFormat;
  /** NDJSON: with what each shard saw. */
  readonly details: boolean;
  /** CSV: what it lists, and what it leaves out. */
  readonly what: CsvList;
  readonly filter: CsvFilter;
  /** Of this NetDelta. */
  readonly version: string;
}

/** Writes what is wished, in pieces: whatever the size, only a piece is held. */
export function writeExport(snapshot: SiteSnapshot, wish: ExportWish): AsyncGenerator<Buffer> {
  return gatherPieces(writeForm(snapshot, wish));
}

function writeForm(snapshot: SiteSnapshot, wish: ExportWish): AsyncGenerator<string | Buffer> {
  const { format, group, what, timeZone, version } = wish;
  const groupId = group?.id ?? null;
  if (format === 'csv') {
    const filter = { ...wish.filter, ...(group && { groupId: group.id }) };
    return writeCsv(snapshot, { what, filter, timeZone });
  }
  if (format === 'ndjson') return writeNdjson(snapshot, wish);
  const args = `export --site ${wish.site.slug}${group ? ` --group ${group.name}` : ''}`;
  return writeBeliefXml(snapshot, { groupId, version, args });
}

/**
 * A name for the file: `netdelta-site-group-hosts-20260102T030405Z.csv`. Of the group's name only
 * letters, digits and hyphens are left, so that it is safe in a header and in a folder.
 */
export function nameExport({ site, group, format, what }: ExportWish, at: string): string {
  const time = at.replaceAll(/[-:]|\.\d+/g, '');
  const parts = [site.slug, group?.name ?? '', format === 'csv' ? what : '', time];
  const safe = parts.map((part) => part.replaceAll(/[^a-zA-Z0-9]+/g, '-').replaceAll(/^-|-$/g, ''));
  return `netdelta-${safe
    .filter((part) => part !== '')
    .join('-')
    .slice(0, 120)}.${format}`;
}
