import type { Config } from '../../config.ts';
import type { Database } from '../../db/database.ts';
import { SEALED_COLUMNS } from '../../sealed-columns.ts';
import { countKeyUse } from '../../secrets/check-column.ts';
import { dropEarlierKeys, readSecretKeys } from '../../secrets/key-file.ts';
import { lockRotation } from '../../secrets/queries.ts';
import type { Surroundings } from '../surroundings.ts';
import { recordKeyAct } from './record-key-act.ts';

interface DropParts {
  readonly database: Database;
  readonly config: Config;
}

/** Drops the earlier keys of the data folder; 1 while one of them is needed. */
export async function dropKeys(parts: DropParts, surroundings: Surroundings): Promise<number> {
  return parts.database.system.transaction().execute(async (tx) => {
    if (await lockRotation(tx)) return dropLocked(parts, surroundings);
    surroundings.complain('"netdelta secrets rotate" is at work: wait until it has ended.');
    return 2;
  });
}

async function dropLocked(
  { database, config }: DropParts,
  { print, complain }: Surroundings,
): Promise<number> {
  const keys = await readSecretKeys(config);
  const { earlier, unsealed } = await countKeyUse(database.system, SEALED_COLUMNS, keys);
  if (earlier + unsealed > 0) {
    complain(`${earlier + unsealed} secrets still need an earlier key: netdelta secrets rotate`);
    return 1;
  }
  if (config.secretKey) {
    print('Nothing is sealed with an earlier key: take NETDELTA_OLD_SECRET_KEYS away.');
    return 0;
  }
  const dropped = await dropEarlierKeys(config.dataDir);
  if (dropped > 0) await recordKeyAct(database, 'secretKey.dropped', keys.current.id);
  print(dropped > 0 ? `Dropped ${dropped} earlier keys.` : 'There is no earlier key.');
  return 0;
}
