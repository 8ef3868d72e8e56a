import { exportChain } from '../../audit/export-chain.ts';
import type { Database } from '../../db/database.ts';
import { openSink } from '../export/open-sink.ts';
import type { Surroundings } from '../surroundings.ts';
import { type AuditedSite, selectAuditedSites } from './queries.ts';

/** Writes the log of one site, or of all. */
export async function exportAudit(
  database: Database,
  { site, output }: { readonly site?: string; readonly output?: string },
  surroundings: Surroundings,
): Promise<number> {
  const sites = await selectAuditedSites(database.system, site);
  if (site !== undefined && sites.length === 0) {
    surroundings.complain(describeNoSite(site));
    return 2;
  }
  const problem = await openSink(output, surroundings).fill(linesOf(database, sites));
  if (problem) surroundings.complain(problem);
  return problem ? 3 : 0;
}

async function* linesOf(database: Database, sites: readonly AuditedSite[]): AsyncGenerator<Buffer> {
  for (const { id } of sites)
    for await (const line of exportChain(database, id)) yield Buffer.from(line);
}

export function describeNoSite(wanted: string): string {
  return `There is no site "${wanted}", and none of that id has left a log. "netdelta site list" names the sites.`;
}
