import { existsSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createDatabase } from '../../server/src/db/database.ts';
import { startEmbedded } from '../../server/src/db/embedded.ts';
import { createLog } from '../../server/src/log.ts';
import { listQuestions } from '../load/list-questions.ts';
import { measureLoad } from '../load/measure-load.ts';
import { startNetDelta } from '../load/netdelta.ts';
import { renderTable } from '../measure.ts';
import { divideHosts, fillSite } from '../networks/fill-site.ts';

/**
 * The API's lists on the embedded database, eight connections. Words: the number of hosts (1,000,000),
 * then names of questions, to ask these alone. The filled folder is kept for the next run.
 */
export async function run([hosts = '1000000', ...only]: readonly string[]): Promise<void> {
  const folder = join(tmpdir(), `netdelta-lists-${hosts}`);
  if (!existsSync(folder)) await fillFolder(folder, Number(hosts));
  const netdelta = await startNetDelta(folder);
  const questions = await listQuestions(netdelta, divideHosts(Number(hosts)).each);
  const floor = await measureLoad(netdelta.url, questions.floor, netdelta.cookie);
  const rows: string[][] = [];
  for (const [name, paths] of Object.entries(questions.asked)) {
    if (only.length > 0 && !only.some((word) => name.includes(word))) continue;
    const { perSecond, percentile, failures } = await measureLoad(
      netdelta.url,
      paths,
      netdelta.cookie,
    );
    const figures = [50, 95, 99].map((percent) => percentile(percent).toFixed(1));
    const ratio = (percentile(95) / floor.percentile(95)).toFixed(1);
    rows.push([name, perSecond.toFixed(0), ...figures, ratio, String(failures)]);
    say(rows.at(-1)?.join(' ') ?? '');
  }
  await netdelta.stop();
  const head = ['question', 'a second', 'p50 ms', 'p95 ms', 'p99 ms', 'p95 of floor', 'failures'];
  process.stdout.write(`${renderTable(head, rows)}\n\nkept for the next run: ${folder}\n`);
}

/** Filled beside and renamed when whole. */
async function fillFolder(folder: string, hosts: number): Promise<void> {
  const draft = `${folder}.new`;
  await rm(draft, { recursive: true, force: true });
  // Once, so that the tables, the site and its owner are there.
  await (await startNetDelta(draft)).stop();
  const log = createLog({ level: 'silent', readable: false, write: say });
  const embedded = await startEmbedded(draft, { log });
  const database = createDatabase(embedded.url, { log });
  await fillSite(database.pool, hosts, say);
  await database.close();
  await embedded.stop();
  await rename(draft, folder);
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}
