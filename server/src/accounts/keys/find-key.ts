import type { Database } from '../../db/database.ts';
import { RequestProblem } from '../../http/request-problem.ts';
import type { RequestUser } from '../../http/site-routes.ts';
import { BAD_KEYS, subjectOf } from '../attempts/limits.ts';
import { createLockCache } from '../attempts/lock-cache.ts';
import { countAttempt } from '../attempts/queries.ts';
import { createLastUse } from '../last-use.ts';
import { hashKeyToken } from './key-token.ts';
import { selectLiveKey, updateKeyUse } from './queries.ts';

/**
 * Finds who asks with an API key, in the one site that it is for, and notes its use. Keys that open
 * nothing are counted by the network from which they come (networkOf): whoever guesses has to wait, and
 * whoever has a key there need not.
 */
export function createKeyFinder(database: Database) {
  const noteUse = createLastUse((place) => {
    const [siteId = '', id = ''] = place.split(' ');
    return database.withSite(siteId, (tx) => updateKeyUse(tx, id));
  });
  const locks = createLockCache();
  const countBad = async (network: string): Promise<'bad-key'> => {
    const counted = locks.find(network)
      ? { allowed: false as const, lockedUntil: null }
      : await countAttempt(database.system, subjectOf(BAD_KEYS, network), BAD_KEYS);
    if (counted.allowed) return 'bad-key';
    if (counted.lockedUntil) locks.note(network, counted.lockedUntil);
    throw new RequestProblem(429, 'too-many-requests', TOO_MANY);
  };
  return async (
    siteId: string,
    token: string,
    network: string,
  ): Promise<RequestUser | 'bad-key'> => {
    const tokenHash = hashKeyToken(token);
    const key =
      tokenHash && (await database.withSite(siteId, (tx) => selectLiveKey(tx, tokenHash)));
    if (!key) return countBad(network);
    await noteUse(`${siteId} ${key.id}`);
    return {
      id: `key:${key.id}`,
      name: key.name,
      email: '',
      role: null,
      lacksSecondFactor: false,
      signedOn: false,
      permissions: key.scopes,
    };
  };
}

const TOO_MANY =
  'Too many requests with keys that open nothing came from this address. Correct the key; the right one is taken at once.';
