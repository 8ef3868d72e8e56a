import type { Config } from '../../config.ts';
import type { Database } from '../../db/database.ts';
import { SEALED_COLUMNS } from '../../sealed-columns.ts';
import { countKeyUse } from '../../secrets/check-column.ts';
import { addKey, readSecretKeys } from '../../secrets/key-file.ts';
import { lockRotation } from '../../secrets/queries.ts';
import { type Resealed, resealAll } from '../../secrets/reseal.ts';
import type { SecretKeys } from '../../secrets/secret-keys.ts';
import type { Surroundings } from '../surroundings.ts';
import { recordKeyAct } from './record-key-act.ts';

interface RotateParts {
  readonly database: Database;
  readonly config: Config;
}

/** A server that had just read the keys may still write with an earlier one: the next round seals that. */
const MOST_ROUNDS = 5;

/** Makes a new key, unless a rotation is to be finished or the key comes from outside, and seals everything with it. */
export async function rotateKeys(parts: RotateParts, surroundings: Surroundings): Promise<number> {
  const { database } = parts;
  return database.system.transaction().execute(async (tx) => {
    if (await lockRotation(tx)) return rotateLocked(parts, surroundings);
    surroundings.complain('Another "netdelta secrets rotate" is at work: wait until it has ended.');
    return 2;
  });
}

async function rotateLocked(parts: RotateParts, surroundings: Surroundings): Promise<number> {
  const { config, database } = parts;
  const { complain } = surroundings;
  const before = await readSecretKeys(config);
  const { lost, earlier } = await countKeyUse(database.system, SEALED_COLUMNS, before);
  if (lost.size > 0) {
    complain(describeLost(lost));
    return 1;
  }
  if (earlier > 0)
    complain(`${earlier} secrets are sealed with an earlier key: going on with them.`);
  else if (config.secretKey) complain(FROM_OUTSIDE);
  else await addKey(config.dataDir);
  const keys = await readSecretKeys(config);
  const sealed = await resealInRounds(parts, keys, surroundings);
  await recordKeyAct(database, 'secretKey.rotated', keys.current.id);
  tellEnd({ sealed, keys, made: keys.current.id !== before.current.id }, surroundings);
  return sealed.unreadable > 0 ? 1 : 0;
}

async function resealInRounds(
  { database }: RotateParts,
  keys: SecretKeys,
  { complain, signal }: Surroundings,
): Promise<Resealed> {
  const tell = ({ seen, resealed }: Resealed) =>
    complain(`Looked at ${seen} secrets, sealed ${resealed} of them anew.`);
  const options = { columns: SEALED_COLUMNS, keys, signal, tell };
  let last = await resealAll(database.system, options);
  let { resealed } = last;
  for (let round = 1; last.resealed > 0 && round < MOST_ROUNDS; round += 1) {
    last = await resealAll(database.system, options);
    resealed += last.resealed;
  }
  return { ...last, resealed };
}

function tellEnd(
  { sealed, keys, made }: { sealed: Resealed; keys: SecretKeys; made: boolean },
  { print, complain }: Surroundings,
): void {
  const which = made ? 'a new key' : 'the key of now';
  print(`Sealed ${sealed.resealed} secrets with ${which} (${keys.current.id}).`);
  if (sealed.unreadable > 0)
    complain(`${sealed.unreadable} secrets cannot be read: netdelta secrets check`);
  if (keys.all.length > 1)
    print(
      'Earlier keys are kept for reading. Restart every NetDelta process; then: netdelta secrets drop',
    );
}

function describeLost(lost: ReadonlyMap<string, number>): string {
  const counts = [...lost].map(([id, count]) => `${count} with ${id}`).join(', ');
  return (
    `Nothing was changed: some secrets are sealed with keys that are not given here (${counts}). ` +
    "Run this with the server's own variables, give the keys in NETDELTA_OLD_SECRET_KEYS, or set those " +
    'secrets anew: "netdelta secrets check" says how.'
  );
}

const FROM_OUTSIDE =
  'The key is the one of NETDELTA_SECRET_KEY, which only you can exchange: "netdelta secrets --help" says how.';
