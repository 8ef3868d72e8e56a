import type { Database } from '../../db/database.ts';
import { withExistingDatabase } from '../../db/open-existing.ts';
import { withConfig } from '../run-roles.ts';
import type { Surroundings } from '../surroundings.ts';

/** What the caller did wrong, in a sentence: exit code 2. */
export class WrongUse extends Error {
  override readonly name = 'WrongUse';
}

/** Does something with the database as it is, also while NetDelta runs. */
export function runOnDatabase(
  surroundings: Surroundings,
  work: (database: Database) => Promise<void>,
): Promise<void> {
  return withConfig(surroundings, async (config, log) => {
    try {
      await withExistingDatabase(config, log, work);
      return 0;
    } catch (error) {
      if (!(error instanceof WrongUse)) throw error;
      surroundings.complain(error.message);
      return 2;
    }
  });
}
