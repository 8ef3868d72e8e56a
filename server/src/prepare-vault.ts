import type { Parts } from './app.ts';
import { SEALED_COLUMNS } from './sealed-columns.ts';
import { countKeyUse } from './secrets/check-column.ts';
import { prepareSecretKeys, readSecretKeys } from './secrets/key-file.ts';
import { resealAll } from './secrets/reseal.ts';
import type { SecretKeys } from './secrets/secret-keys.ts';
import { createVault, type Vault } from './secrets/vault.ts';

/**
 * The keys and the vault of a server. Seals what an earlier NetDelta had stored in another way. Secrets
 * whose key is lost keep nobody from starting: only what needs them fails, and the log says so.
 * @throws SecretKeyError
 */
export async function prepareVault({
  config,
  database,
  log,
}: Pick<Parts, 'config' | 'database' | 'log'>): Promise<{ keys: SecretKeys; vault: Vault }> {
  const keys = await prepareSecretKeys(config);
  const older = { columns: SEALED_COLUMNS, keys, olderOnly: true };
  const { resealed, unreadable } = await resealAll(database.system, older);
  if (resealed > 0) log.info({ secrets: resealed }, 'sealed the stored secrets');
  const { lost } = await countKeyUse(database.system, SEALED_COLUMNS, keys);
  const lostCount = [...lost.values()].reduce((sum, count) => sum + count, unreadable);
  if (lostCount > 0)
    log.error(
      { secrets: lostCount, lostKeys: [...lost.keys()] },
      'stored secrets cannot be read, for the secret key is not the one that sealed them: bring it back ' +
        'in NETDELTA_OLD_SECRET_KEYS; "netdelta secrets check" says whose they are',
    );
  return { keys, vault: createVault(keys, () => readSecretKeys(config)) };
}
