import type { AuditCheck } from '@netdelta/core/api/audit.ts';
import { PLATFORM_LOG } from '../../audit/platform-log.ts';
import { printable } from '../looks/printable.ts';
import type { Surroundings } from '../surroundings.ts';

/** What was found of one site's chain. */
export interface SiteCheck extends AuditCheck {
  /** Null: not known here, or gone. */
  readonly site: string | null;
  readonly siteId: string;
}

interface ReportOptions {
  readonly json?: boolean;
  readonly noted?: string;
  /** Whether the noted hash was met. */
  readonly found: boolean;
}

/** Prints what was found; answers with the exit code. */
export function report(
  checks: readonly SiteCheck[],
  { json, noted, found }: ReportOptions,
  { print, complain }: Surroundings,
): number {
  if (json) print(JSON.stringify({ sites: checks, ...(noted && { notedFound: found }) }, null, 2));
  else for (const check of checks) print(describeCheck(check));
  const lost = noted !== undefined && !found;
  if (lost) complain(`No entry has the hash ${noted}: entries were cut off or replaced since.`);
  return lost || checks.some(({ broken }) => broken) ? 1 : 0;
}

function describeCheck({ site, siteId, entries, lastHash, broken }: SiteCheck): string {
  const name = siteId === PLATFORM_LOG ? 'the platform' : describeSite(site, siteId);
  if (broken) return `${name}  BROKEN. ${broken.message} ${entries} entries before it are whole.`;
  if (lastHash === null) return `${name}  no entries`;
  return `${name}  whole: ${entries} entries; the last hash is ${lastHash}`;
}

function describeSite(site: string | null, siteId: string): string {
  return printable(site === null ? `site ${siteId}` : `/${site}/`);
}

const TELL_MS = 500;

/** Passes entries on, ends with the signal, and tells on a terminal how many there were. */
export async function* watch<T>(
  entries: AsyncIterable<T>,
  { terminal, writeLog, signal }: Surroundings,
): AsyncGenerator<T> {
  let count = 0;
  let told = performance.now();
  for await (const entry of entries) {
    signal.throwIfAborted();
    yield entry;
    count += 1;
    if (!terminal || performance.now() - told < TELL_MS) continue;
    told = performance.now();
    writeLog(`\r\u001b[K${count} entries`);
  }
  if (terminal) writeLog('\r\u001b[K');
}
