import { listAllowedScripts } from '@netdelta/core/profile/scripts.ts';
import type { Kysely } from 'kysely';
import type { Tables } from '../db/tables.ts';

/** The scripts that the platform allows now. */
export async function selectAllowedScripts(db: Kysely<Tables>): Promise<ReadonlySet<string>> {
  return listAllowedScripts(
    await db.selectFrom('script_rules').select(['name', 'allowed']).execute(),
  );
}
