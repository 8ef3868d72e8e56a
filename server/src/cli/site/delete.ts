import type { Command } from 'commander';
import type { Database } from '../../db/database.ts';
import { createLive } from '../../db/live.ts';
import { closeScan } from '../../deltas/close-scan.ts';
import { createLog } from '../../log.ts';
import type { Queue } from '../../queue/queue.ts';
import { deactivateSite, restoreSite } from '../../removal/deactivate-site.ts';
import { removeSite } from '../../removal/remove-site.ts';
import { selectSiteBySlug } from '../../sites/site-queries.ts';
import { runOnDatabase, WrongUse } from '../people/run-on-database.ts';
import type { Surroundings } from '../surroundings.ts';
import { asCommand, sourceOfCommand } from './as-command.ts';
import { auditFileOf, exportAll } from './export-all.ts';
import { urlOf, withQueue } from './with-queue.ts';

const HELP = `
The site is deactivated first: nobody enters it, nothing scans. Then all of it is written to the file,
with its audit log beside it (FILE.audit.ndjson), and only then it is deleted, in small steps. When the
export fails, the site is in use again. The audit log of the site stays in the database, and that of the
platform says who deleted it. A second call goes on where one was stopped.
Without --name, the name of the site is read from standard input.
Exit codes: 0 done, 2 wrong use or input, 3 no database, or stopped.`;

interface DeleteOptions {
  readonly name?: string;
  /** A file; false: deleted without; absent: nothing was said. */
  readonly export?: string | false;
  readonly keepData?: true;
  readonly cancelScans?: true;
}

/** Adds `netdelta site delete` and `site restore`. */
export function addDeleteCommands(site: Command, surroundings: Surroundings): void {
  site
    .command('delete <site>')
    .description('export a site and delete it, or deactivate it')
    .option('--export <file>', 'where all of it goes before it is deleted')
    .option('--no-export', 'delete it without')
    .option('--keep-data', 'only deactivate it: "site restore" lets it be used again')
    .option('--cancel-scans', 'cancel what runs or waits, instead of refusing')
    .option('--name <name>', 'the name of the site, so that none is deleted by accident')
    .addHelpText('after', HELP)
    .action((slug: string, options: DeleteOptions) =>
      runOnDatabase(surroundings, (database) =>
        withQueue(database, (queue) => end({ database, queue, surroundings }, slug, options)),
      ),
    );
  site
    .command('restore <site>')
    .description('let a deactivated site be used again')
    .action((slug: string) =>
      runOnDatabase(surroundings, async (database) => {
        const { id } = await findSite(database, slug);
        await asCommand(() => restoreSite({ database }, { siteId: id, source: sourceOfCommand() }));
        surroundings.complain(`/${slug}/ is in use again.`);
      }),
    );
}

interface Ending {
  readonly database: Database;
  readonly queue: Queue;
  readonly surroundings: Surroundings;
}

/** What could not be done, for a reason outside: exit code 3. */
class EndingFailedError extends Error {
  override readonly name = 'EndingFailedError';
  readonly code = 'ending-failed';
  readonly retryable = true;
}

async function end(ending: Ending, slug: string, options: DeleteOptions): Promise<void> {
  const { database, surroundings } = ending;
  const site = await findSite(database, slug);
  const file = typeof options.export === 'string' ? options.export : null;
  if (site.state !== 'deleting') {
    if (!options.keepData && options.export === undefined) throw new WrongUse(NO_EXPORT);
    const name = options.name ?? (await readName(site.name, surroundings));
    const wish = { siteId: site.id, source: sourceOfCommand(), name, withoutExport: true };
    const cancelsScans = options.cancelScans ?? false;
    const deactivate = (keepsData: boolean) =>
      asCommand(() => deactivateSite(ending, { ...wish, keepsData, cancelsScans }));
    await deactivate(options.keepData ?? file !== null);
    if (!options.keepData && file !== null) {
      await takeAlong(ending, site, file);
      await deactivate(false);
    }
  }
  const outcome = await finish(ending, site.id);
  surroundings.complain(
    outcome === 'deleted'
      ? `/${slug}/ is deleted.`
      : `/${slug}/ is deactivated. "netdelta site restore ${slug}" lets it be used again.`,
  );
}

const NO_EXPORT =
  'Say where all of the site is to be exported before it is deleted (--export FILE), or that it is to be deleted without (--no-export), or only deactivated (--keep-data).';

async function findSite({ system }: Database, slug: string) {
  const site = await selectSiteBySlug(system, slug);
  if (!site) throw new WrongUse(`There is no site "${slug}". "netdelta site list" names them.`);
  return site;
}

/** Exports the site; when that fails, it is in use again. */
async function takeAlong(
  { database, surroundings }: Ending,
  site: Awaited<ReturnType<typeof findSite>>,
  file: string,
): Promise<void> {
  const problem = await exportAll(database, site, { file, surroundings });
  if (problem === null) {
    surroundings.complain(`All of it is in ${file}, its audit log in ${auditFileOf(file)}.`);
    return;
  }
  const wasActive = site.state === 'active';
  if (wasActive) await restoreSite({ database }, { siteId: site.id, source: sourceOfCommand() });
  throw new EndingFailedError(
    `${problem} Nothing was deleted${wasActive ? ', and the site is in use again' : ''}.`,
  );
}

async function finish({ database, queue, surroundings }: Ending, siteId: string) {
  const { signal, terminal, writeLog } = surroundings;
  const log = createLog({ level: 'silent', readable: false, write: () => undefined });
  const live = await createLive(urlOf(database), { log });
  let rows = 0;
  const onStep = (taken: number) => {
    rows += taken;
    if (terminal) writeLog(`\r\u001b[K${rows} rows deleted`);
  };
  try {
    return await removeSite({ database, queue, live, closeScan, siteId, signal, onStep });
  } catch (error) {
    if (!signal.aborted) throw error;
    throw new EndingFailedError(
      'Stopped. A worker goes on with it, or the same command once more.',
    );
  } finally {
    if (terminal) writeLog('\r\u001b[K');
    await live.close();
  }
}

/** The first line of what is typed or piped in. */
async function readName(name: string, { input, complain }: Surroundings): Promise<string> {
  complain(`Type the name of the site to go on: ${name}`);
  let text = '';
  for await (const piece of input()) {
    text += Buffer.from(piece).toString();
    if (text.includes('\n')) break;
  }
  return text.split(/\r?\n/)[0] ?? '';
}
