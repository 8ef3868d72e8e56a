import {
  type AlertOccasion,
  composeAlert,
  composeFailureAlert,
  LINES_SHOWN,
} from '@netdelta/core/policy/compose-alert.ts';
import { decideAlert, uniqueRecipients } from '@netdelta/core/policy/decide-alert.ts';
import type { Letter } from '@netdelta/core/policy/letter.ts';
import type { SiteTransaction } from '../db/database.ts';
import type { NewNotification } from './outbox/queries.ts';
import { type ScanForAlert, selectFirstDeltas, selectScanForAlert } from './queries.ts';
import { readDeltas } from './read-delta.ts';

/** Composes the letters that the end of a scan gives: one a recipient, or none. */
export async function composeLetters(
  tx: SiteTransaction,
  { scanId, baseUrl }: { scanId: string; baseUrl: URL },
): Promise<NewNotification[]> {
  const scan = await selectScanForAlert(tx, scanId);
  if (!scan || scan.recipients.length === 0) return [];
  const rows = await selectFirstDeltas(tx, { scanId, perKind: LINES_SHOWN });
  const letter = composeLetter(scan, readDeltas(rows), baseUrl);
  if (!letter) return [];
  return uniqueRecipients(scan.recipients).map((recipient) => ({
    site_id: scan.site_id,
    scan_id: scan.id,
    group_id: scan.group_id,
    recipient,
    ...letter,
  }));
}

function composeLetter(
  scan: ScanForAlert,
  found: ReturnType<typeof readDeltas>,
  baseUrl: URL,
): Letter | null {
  const occasion = occasionOf(scan, baseUrl);
  switch (decideAlert({ status: scan.status, deltas: found.total })) {
    case 'none':
      return null;
    case 'failure':
      return composeFailureAlert(occasion);
    case 'changes':
      return composeAlert({
        ...occasion,
        ...found,
        partial: scan.status !== 'finished',
        previousFinishedAt: scan.previous_finished_at?.toISOString() ?? null,
      });
  }
}

function occasionOf(scan: ScanForAlert, baseUrl: URL): AlertOccasion {
  return {
    siteName: scan.site_name,
    groupName: scan.group_name,
    timeZone: scan.time_zone,
    dateLocale: scan.date_locale,
    url: pageUrl(baseUrl, `${scan.site_slug}/scans/${scan.id}`),
    finishedAt: (scan.finished_at ?? scan.created_at).toISOString(),
    problems: scan.problems,
  };
}

/** The address of a page as people reach it, below a proxy's path too. */
export function pageUrl(baseUrl: URL, path: string): string {
  return new URL(path, baseUrl.href.endsWith('/') ? baseUrl : `${baseUrl.href}/`).href;
}
