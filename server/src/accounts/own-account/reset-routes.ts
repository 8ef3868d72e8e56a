import { apiError } from '@netdelta/core/api/page.ts';
import { resetPassword, resetRequest } from '@netdelta/core/api/people.ts';
import { z } from 'zod';
import { type AuditSource, clientOf } from '../../audit/record-audit.ts';
import { RequestProblem } from '../../http/request-problem.ts';
import type { RequestSite, SiteRoutes } from '../../http/site-routes.ts';
import { recordAccountChange } from '../account-events/record-account-change.ts';
import type { AccountParts } from '../account-parts.ts';
import { RESET_MAILS, subjectOf } from '../attempts/limits.ts';
import { countAttempt } from '../attempts/queries.ts';
import { hashToken } from '../one-time-link.ts';
import { hashPassword } from '../password-hash.ts';
import { updatePasswordHash } from '../queries.ts';
import { requireStrongPassword } from '../require-strong-password.ts';
import { deleteReset, deleteSessions, selectReset, updateToVerified } from './queries.ts';

const WINDOW_MS = 3_600_000;
const MOST_PER_ADDRESS = 20;

/** `password-resets`: a forgotten password is replaced through a link that comes by mail. */
export function resetRoutes(parts: AccountParts): SiteRoutes {
  const { database, queue, mail } = parts;
  return async (app) => {
    const limitLogins = parts.loginLimits(app);
    app.post(
      '/password-resets',
      {
        config: { needs: 'nothing', rateLimit: { max: MOST_PER_ADDRESS, timeWindow: WINDOW_MS } },
        schema: { body: resetRequest, response: { 202: z.null(), 409: apiError, 429: apiError } },
      },
      async (request, reply) => {
        if (!mail.configured) throw new RequestProblem(409, 'mail-not-configured', NO_MAIL);
        const email = request.body.email.toLowerCase();
        const subject = subjectOf(RESET_MAILS, request.site.id, email);
        const { allowed } = await countAttempt(database.system, subject, RESET_MAILS);
        // Whoever asks too often for an address gets the same answer, and the person no more mails.
        if (allowed)
          await queue.enqueue(
            database.system,
            'password-reset.send',
            { siteId: request.site.id, email },
            { key: `${request.site.id} ${email}` },
          );
        return reply.code(202).send(null);
      },
    );
    app.post(
      '/password-resets/use',
      {
        config: { needs: 'nothing', rateLimit: { max: MOST_PER_ADDRESS, timeWindow: WINDOW_MS } },
        schema: { body: resetPassword, response: { 204: z.null(), 400: apiError, 410: apiError } },
      },
      async (request, reply) => {
        const { site, body } = request;
        await limitLogins(request, null);
        await replacePassword(parts, { ...body, site, client: clientOf(request) });
        return reply.code(204).send(null);
      },
    );
  };
}

const NO_MAIL =
  'This server sends no mails, so it cannot send you a link. Ask whoever runs it to run: netdelta user reset-password';

interface Replacement {
  readonly token: string;
  readonly password: string;
  readonly site: RequestSite;
  readonly client: Pick<AuditSource, 'address' | 'userAgent'>;
}

/** Sets the new password, ends the link and all sessions of the person, in one transaction. */
async function replacePassword(
  parts: AccountParts,
  { token, password, site, client }: Replacement,
): Promise<void> {
  const { system } = parts.database;
  const tokenHash = hashToken(token);
  const person = await selectReset(system, tokenHash);
  if (!person) throw ended();
  await requireStrongPassword(password, [person.name, person.email, site.name, site.slug]);
  const hash = await hashPassword(password);
  const { id, name } = person;
  const source = { actor: { kind: 'person', id, name }, ...client } as const;
  await system.transaction().execute(async (tx) => {
    if (!(await deleteReset(tx, tokenHash))) throw ended();
    await updatePasswordHash(tx, id, hash);
    await updateToVerified(tx, id);
    const endedSessions = await deleteSessions(tx, { userId: id, boundTo: null }, null);
    const change = { action: 'password.reset', after: { endedSessions } } as const;
    await recordAccountChange(parts, tx, { ...change, person, source, siteId: site.id });
  });
}

function ended(): RequestProblem {
  const message =
    'This link is not valid any more: it was used, replaced by a newer one, or is older than an hour. Ask for a new one at the login.';
  return new RequestProblem(410, 'reset-ended', message);
}
