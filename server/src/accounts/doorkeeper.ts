import { ROLE_TABLE } from '@netdelta/core/access/roles.ts';
import type { FastifyRequest } from 'fastify';
import { readBearer } from '../http/bearer.ts';
import { addressOf, networkOf } from '../http/client-address.ts';
import type { Doorkeeper, RequestUser } from '../http/site-routes.ts';
import type { AccountParts } from './account-parts.ts';
import type { AuthSession } from './auth.ts';
import { createKeyFinder } from './keys/find-key.ts';
import { createLastUse } from './last-use.ts';
import {
  type Membership,
  selectActiveSite,
  selectIsPlatformAdmin,
  selectMembership,
  updateSessionUse,
} from './queries.ts';

export type DoorkeeperParts = Pick<AccountParts, 'database' | 'auth' | 'cookies'>;

/** Lets the members of a site in, by the session in their cookie, and programs by their API key. */
export function createDoorkeeper({ database, auth, cookies }: DoorkeeperParts): Doorkeeper {
  const noteUse = createLastUse((id) => updateSessionUse(database.system, id));
  const findSession = async (request: FastifyRequest): Promise<AuthSession | null> => {
    const cookie = readBearer(request) === null ? cookies.read(request) : null;
    const session = cookie && (await auth.findSession(cookie));
    if (session) await noteUse(session.sessionId);
    return session;
  };
  const findKey = createKeyFinder(database);
  return {
    findSite: (slug) => selectActiveSite(database.system, slug),
    findUser: async (request, { id: siteId }) => {
      const token = readBearer(request);
      if (token !== null) return findKey(siteId, token, networkOf(addressOf(request)));
      const session = await findSession(request);
      // What a site's provider has made is nothing anywhere else.
      if (!session || (session.binding && session.binding.siteId !== siteId)) return 'nobody';
      const { user, binding } = session;
      const who = { siteId, userId: user.id, openedBy: session.openedBy };
      const member = await database.withSite(siteId, (tx) => selectMembership(tx, who));
      if (!member) return 'stranger';
      const { isKnownToProvider, beyondProvider, passwordRefused } = member;
      if (binding ? !isKnownToProvider || beyondProvider : passwordRefused) return 'nobody';
      return presentUser(user, member, binding);
    },
    findVisitor: async (request) => {
      const session = await findSession(request);
      if (!session || session.binding) return null;
      const platformAdmin = await selectIsPlatformAdmin(database.system, session.user.id);
      return { ...session.user, platformAdmin, openedBy: session.openedBy };
    },
  };
}

/** Of those whom the provider let in, it alone says whether there was a second factor. */
function presentUser(
  user: AuthSession['user'],
  { role, lacksSecondFactor, demandsSecondFactor }: Membership,
  binding: AuthSession['binding'],
): RequestUser {
  return {
    ...user,
    role,
    permissions: ROLE_TABLE[role].permissions,
    signedOn: binding !== null,
    lacksSecondFactor: binding ? demandsSecondFactor && !binding.factorAsserted : lacksSecondFactor,
  };
}
