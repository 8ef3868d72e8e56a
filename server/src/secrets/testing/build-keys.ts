import { deriveKeys } from '../secret-keys.ts';
import { createFixedVault } from '../vault.ts';

/** Test data: keys of these texts, the current one first, and a vault that has them. */
export function buildKeys(
  current = 'a test secret of more than 32 characters: 8f2b6c1d',
  ...earlier: string[]
) {
  const keys = deriveKeys([current, ...earlier]);
  return { keys, vault: createFixedVault(keys) };
}
