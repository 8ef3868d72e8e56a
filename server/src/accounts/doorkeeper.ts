import { ROLE_TABLE } from '@netdelta/core/access/roles.ts';
import type { Database } from '../db/database.ts';
import type { Doorkeeper } from '../http/site-routes.ts';
import type { Auth } from './auth.ts';
import { selectIsPlatformAdmin, selectRole, selectSite } from './queries.ts';
import type { SessionCookies } from './session-cookie.ts';

export interface DoorkeeperParts {
  readonly database: Database;
  readonly auth: Auth;
  readonly cookies: SessionCookies;
}

/** Lets the members of a site in, by the session in their cookie. */
export function createDoorkeeper({ database, auth, cookies }: DoorkeeperParts): Doorkeeper {
  return {
    findSite: (slug) => selectSite(database.system, slug),
    findUser: async (request, { id: siteId }) => {
      const cookie = cookies.read(request);
      const user = cookie && (await auth.findUser(cookie));
      if (!user) return 'nobody';
      const { id, name, email } = user;
      const role = await database.withSite(siteId, (tx) => selectRole(tx, { siteId, userId: id }));
      if (!role) return 'stranger';
      return { id, name, email, role, permissions: ROLE_TABLE[role].permissions };
    },
    findVisitor: async (request) => {
      const cookie = cookies.read(request);
      const user = cookie && (await auth.findUser(cookie));
      return user
        ? { ...user, platformAdmin: await selectIsPlatformAdmin(database.system, user.id) }
        : null;
    },
  };
}
