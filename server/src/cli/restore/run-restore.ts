import { userInfo } from 'node:os';
import type { Database } from '../../db/database.ts';
import { type RestoreOutcome, restoreExport } from '../../exports/restore.ts';
import type { Surroundings } from '../surroundings.ts';

/** What is restored, and into which site. */
export interface RestoreRequest {
  /** As it is called: a file's name. */
  readonly name: string;
  readonly bytes: AsyncIterable<Uint8Array>;
  readonly site: string;
  /** The e-mail address of who shall own a site that is made. */
  readonly owner?: string;
  readonly json?: true;
}

const CLEAR = '\r\u001b[K';

/** Restores an export and says what came of it: 0 all of it, 2 nothing, for it is not sound, 3 stopped. */
export async function runRestore(
  database: Database,
  { name, bytes, site, owner, json }: RestoreRequest,
  { print, complain, signal, terminal, writeLog }: Surroundings,
): Promise<number> {
  const wish = {
    ...{ slug: site, by: userInfo().username, signal },
    ...(owner !== undefined && { owner }),
    ...(terminal && {
      onProgress: (lines: number) => writeLog(`${CLEAR}${lines.toLocaleString('en')} lines`),
    }),
  };
  try {
    const outcome = await restoreExport(database, wish, bytes);
    if (terminal) writeLog(CLEAR);
    if (json) print(JSON.stringify(outcome, null, 2));
    else if (outcome.ok) for (const line of describeRestored(site, outcome)) print(line);
    if (!json && !outcome.ok) for (const line of describeRefusal(name, outcome)) complain(line);
    return outcome.ok ? 0 : 2;
  } catch (error) {
    if (!signal.aborted) throw error;
    complain('Stopped. Nothing was stored.');
    return 3;
  }
}

function describeRestored(
  site: string,
  { head, counts, made }: RestoreOutcome & { readonly ok: true },
): string[] {
  const facts = Object.entries(counts).map(
    ([type, count]) => `${count.toLocaleString('en')} ${type}`,
  );
  const from = head.group ? `the group "${head.group.name}" of ${head.site.slug}` : head.site.slug;
  return [
    `Restored ${from}, as it was at ${head.at}, into ${made ? 'the new site ' : ''}${site}.`,
    `Lines by type: ${facts.join(', ')}.`,
    ...(counts.schedule
      ? [
          'Schedules are switched off, so that no scan begins by surprise: edit those that shall run.',
        ]
      : []),
  ];
}

function describeRefusal(
  name: string,
  { problems, count }: RestoreOutcome & { readonly ok: false },
): string[] {
  const more = count - problems.length;
  return [
    ...problems.map((problem) => `${name}: ${problem}`),
    ...(more > 0 ? [`… and ${more.toLocaleString('en')} more.`] : []),
    'Nothing was stored.',
  ];
}
