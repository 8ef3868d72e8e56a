import type { Database } from '../../server/src/db/database.ts';
import {
  dropIndexes,
  insertFilledDeltas,
  insertFilledGroup,
  insertFilledHosts,
  insertFilledScans,
  insertFilledServices,
  runStatements,
  selectPlace,
} from './fill-queries.ts';

const MOST_OF_GROUP = 65_536;

/** Into how many groups so many hosts are put, and how many each has. */
export function divideHosts(hosts: number): { groups: number; each: number } {
  const groups = Math.max(4, Math.ceil(hosts / MOST_OF_GROUP));
  return { groups, each: Math.floor(hosts / groups) };
}

/**
 * Fills the only site of a database with so many hosts, ten times as many services, and a past:
 * the shape of a large network, by statements instead of scans. `say` tells how far it is.
 */
export async function fillSite(
  pool: Database['pool'],
  hosts: number,
  say: (line: string) => void,
): Promise<void> {
  const place = await selectPlace(pool);
  const { groups, each } = divideHosts(hosts);
  const indexes = await dropIndexes(pool);
  for (let number = 0; number < groups; number += 1) {
    const group = await insertFilledGroup(pool, place, { number, hosts: each });
    await insertFilledScans(pool, group);
    await insertFilledHosts(pool, group);
    await insertFilledServices(pool, group);
    await insertFilledDeltas(pool, group);
    say(`filled group ${number + 1} of ${groups}`);
  }
  say('making indexes');
  await runStatements(pool, ["set maintenance_work_mem = '1GB'", ...indexes]);
  say('gathering statistics');
  await runStatements(pool, ['vacuum (analyze)']);
}
