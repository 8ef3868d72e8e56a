import type { FastifyRequest } from 'fastify';
import { type AuditSource, sourceOf } from '../../audit/record-audit.ts';
import { RequestProblem } from '../../http/request-problem.ts';
import type { RequestPerson } from '../../http/site-routes.ts';
import type { AccountParts } from '../account-parts.ts';
import type { AuthSession } from '../auth.ts';
import type { SessionScope } from './queries.ts';

/** A person who does something to their own account, and where. */
export interface OwnAct {
  readonly person: RequestPerson;
  readonly source: AuditSource;
  readonly siteId: string;
  /** The one that asks: it stays where others end. */
  readonly session: AuthSession;
}

/** Who came in through a site's provider sees and ends what it has made, and nothing of other sites. */
export function scopeOf({ person, session }: Pick<OwnAct, 'person' | 'session'>): SessionScope {
  return { userId: person.id, boundTo: session.binding?.siteId ?? null };
}

/** Only in routes that need a person. @throws RequestProblem 401 */
export async function readOwnAct(
  { auth, cookies }: Pick<AccountParts, 'auth' | 'cookies'>,
  request: FastifyRequest,
): Promise<OwnAct> {
  const { person, site } = request;
  const cookie = cookies.read(request);
  const session = cookie && (await auth.findSession(cookie));
  // It was ended since this request was let in.
  if (!session) throw new RequestProblem(401, 'not-logged-in', 'Log in first.');
  return { person, source: sourceOf(request), siteId: site.id, session };
}
