import type { Database } from '../../db/database.ts';
import type { RequestUser } from '../../http/site-routes.ts';
import { createLastUse } from '../last-use.ts';
import { hashKeyToken } from './key-token.ts';
import { selectLiveKey, updateKeyUse } from './queries.ts';

/** Finds who asks with an API key, in the one site that it is for, and notes its use. */
export function createKeyFinder(database: Database) {
  const noteUse = createLastUse((place) => {
    const [siteId = '', id = ''] = place.split(' ');
    return database.withSite(siteId, (tx) => updateKeyUse(tx, id));
  });
  return async (siteId: string, token: string): Promise<RequestUser | 'bad-key'> => {
    const tokenHash = hashKeyToken(token);
    const key =
      tokenHash && (await database.withSite(siteId, (tx) => selectLiveKey(tx, tokenHash)));
    if (!key) return 'bad-key';
    await noteUse(`${siteId} ${key.id}`);
    return {
      id: `key:${key.id}`,
      name: key.name,
      email: '',
      role: null,
      lacksSecondFactor: false,
      permissions: key.scopes,
    };
  };
}
