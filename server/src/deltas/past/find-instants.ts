import type { ApiError } from '@netdelta/core/api/page.ts';
import type { InstantView } from '@netdelta/core/api/past.ts';
import { readInstant } from '@netdelta/core/past/read-instant.ts';
import type { SiteTransaction } from '../../db/database.ts';
import {
  type InstantScan,
  selectGroupFacts,
  selectScanById,
  selectScanByNumber,
  selectShortestPast,
} from './instant-queries.ts';

/** Instants as somebody wrote them, by the field in which each stood. */
export interface InstantQuestion<Field extends string = string> {
  readonly written: Readonly<Record<Field, string>>;
  readonly groupId?: string | undefined;
  readonly timeZone: string;
  /** ISO 8601 */
  readonly now: string;
}

export type FoundInstants<Field extends string> =
  | {
      readonly ok: true;
      readonly instants: Readonly<Record<Field, InstantView>>;
      /** The group that was named, or that of the scans; none: the whole site. */
      readonly groupId?: string;
    }
  | { readonly ok: false; readonly problems: ApiError['problems'] };

/** Clocks of people and servers may differ by so much. */
const AHEAD_MS = 120_000;

type Found = { readonly instant: InstantView } | { readonly problem: string };

/** Understands all instants of a question at once, or says all that is wrong with them. */
export async function findInstants<Field extends string>(
  tx: SiteTransaction,
  question: InstantQuestion<Field>,
): Promise<FoundInstants<Field>> {
  const problems: ApiError['problems'] = [];
  const { groupId } = question;
  if (groupId !== undefined && !(await selectGroupFacts(tx, [groupId])).has(groupId))
    problems.push({ path: 'groupId', message: 'is not a group of this site' });
  const instants: [string, InstantView][] = [];
  for (const [path, text] of Object.entries<string>(question.written)) {
    const found = await findInstant(tx, text, question);
    if ('instant' in found) instants.push([path, found.instant]);
    else problems.push({ path, message: found.problem });
  }
  const groups = new Set(instants.flatMap(([, one]) => one.groupId ?? []));
  if (groups.size > 1)
    problems.push({
      path: Object.keys(question.written).join(', '),
      message: 'are scans of two groups: scans are compared within one group',
    });
  const [ofScan] = groups;
  const group = groupId ?? ofScan;
  problems.push(...(await listExpired(tx, instants, group)));
  if (problems.length > 0) return { ok: false, problems };
  const byField = Object.fromEntries(instants) as Record<Field, InstantView>;
  return { ok: true, instants: byField, ...(group !== undefined && { groupId: group }) };
}

/** Instants of which retention has taken a part: what is left of them would tell something else. */
async function listExpired(
  tx: SiteTransaction,
  instants: readonly (readonly [path: string, instant: InstantView])[],
  groupId: string | undefined,
): Promise<ApiError['problems']> {
  const { name, history_from: from } = (await selectShortestPast(tx, groupId)) ?? {};
  if (!from) return [];
  const message = `lies before ${from.toISOString()}: what was before in the group "${name}" has expired, as the settings of storage say`;
  return instants
    .filter(([, { at }]) => Date.parse(at) < from.getTime())
    .map(([path]) => ({ path, message }));
}

async function findInstant(
  tx: SiteTransaction,
  text: string,
  { groupId, timeZone, now }: InstantQuestion,
): Promise<Found> {
  const read = readInstant(text, timeZone);
  switch (read.kind) {
    case 'problem':
      return { problem: read.message };
    case 'now':
      return { instant: plainInstant(now) };
    case 'at':
      return checkPast(read.at, now);
    case 'scan':
      return describeScan(await selectScanById(tx, read.id), `a scan of this site`, groupId);
    case 'number':
      if (groupId === undefined)
        return { problem: `"${text}" is the number of a scan: name its group, too` };
      return describeScan(
        await selectScanByNumber(tx, groupId, read.number),
        'the number of a scan of this group',
        groupId,
      );
  }
}

function plainInstant(at: string): InstantView {
  return { at, scanId: null, groupId: null };
}

/** What is not yet is not known; a clock that is a little ahead means now. */
function checkPast(at: string, now: string): Found {
  const ahead = Date.parse(at) - Date.parse(now);
  if (ahead > AHEAD_MS) return { problem: `${at} lies in the future` };
  return { instant: plainInstant(ahead > 0 ? now : at) };
}

function describeScan(
  scan: InstantScan | undefined,
  what: string,
  groupId: string | undefined,
): Found {
  if (!scan) return { problem: `is not ${what}` };
  if (groupId !== undefined && scan.group_id !== groupId)
    return { problem: 'is a scan of another group' };
  if (!scan.finished_at)
    return { problem: 'is a scan that has not ended: what it sees is not believed yet' };
  const at = scan.finished_at.toISOString();
  return { instant: { at, scanId: scan.id, groupId: scan.group_id } };
}
