import type { Config } from '../../config.ts';
import type { Database } from '../../db/database.ts';
import { SEALED_COLUMNS } from '../../sealed-columns.ts';
import { type ColumnCheck, checkColumn } from '../../secrets/check-column.ts';
import { readSecretKeys } from '../../secrets/key-file.ts';
import { printable } from '../looks/printable.ts';
import type { Surroundings } from '../surroundings.ts';

/** Opens every stored secret; 1 when one cannot be. */
export async function checkSecrets(
  { database, config }: { readonly database: Database; readonly config: Config },
  { print, complain, signal }: Surroundings,
  { json }: { readonly json: boolean },
): Promise<number> {
  const keys = await readSecretKeys(config);
  const columns: ColumnCheck[] = [];
  for (const column of SEALED_COLUMNS) {
    signal.throwIfAborted();
    columns.push(await checkColumn(database.system, column, keys));
  }
  const keyId = keys.current.id;
  if (json) print(JSON.stringify({ keyId, columns }, null, 2));
  else {
    for (const check of columns) print(describeColumn(check, keyId));
    for (const problem of columns.flatMap(({ problems }) => problems)) complain(printable(problem));
  }
  return columns.some(({ unreadable }) => unreadable > 0) ? 1 : 0;
}

function describeColumn(check: ColumnCheck, keyId: string): string {
  const { table, column, current, earlier, unsealed, unreadable } = check;
  const facts = [
    `${current} sealed with the key of now (${keyId})`,
    ...(earlier > 0 ? [`${earlier} with an earlier one: netdelta secrets rotate`] : []),
    ...(unsealed > 0 ? [`${unsealed} not sealed yet: the next start does it`] : []),
    ...(unreadable > 0 ? [`${unreadable} cannot be read`] : []),
  ];
  return `${table}.${column}: ${facts.join(', ')}`;
}
