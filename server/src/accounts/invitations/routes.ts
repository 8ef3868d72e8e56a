import { sessionView } from '@netdelta/core/api/accounts.ts';
import { apiError, pageOf, pageQuery } from '@netdelta/core/api/page.ts';
import {
  acceptRequest,
  type Delivery,
  invitationMade,
  invitationOffer,
  invitationRequest,
  invitationToken,
  invitationView,
  renewalRequest,
} from '@netdelta/core/api/people.ts';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { sourceOf } from '../../audit/record-audit.ts';
import { RequestProblem } from '../../http/request-problem.ts';
import type { SiteRoutes } from '../../http/site-routes.ts';
import type { AccountParts } from '../account-parts.ts';
import { INVITATION_MAILS, subjectOf } from '../attempts/limits.ts';
import { countAttempt } from '../attempts/queries.ts';
import { clientOf, presentSession } from '../login-member.ts';
import { recordEntered } from '../record-login.ts';
import { acceptInvitation, lookAtInvitation } from './accept-invitation.ts';
import { invite, renew, revoke } from './invite.ts';
import { presentInvitation } from './present-invitation.ts';
import { selectInvitations } from './queries.ts';

const byId = z.object({ id: z.uuid() });
const refusals = { 400: apiError, 403: apiError, 404: apiError, 409: apiError };
/** `invitations`: who was invited; `invitation`: what the holder of a link sees and does. */
export function invitationRoutes(parts: AccountParts): SiteRoutes {
  return async (app) => {
    app.get(
      '/invitations',
      {
        config: { needs: 'members' },
        schema: { querystring: pageQuery, response: { 200: pageOf(invitationView) } },
      },
      async ({ site, query: { after, limit } }) => {
        const rows = await parts.database.withSite(site.id, (tx) =>
          selectInvitations(tx, { after, limit: limit + 1 }),
        );
        const items = rows.slice(0, limit).map(presentInvitation);
        return { items, next: rows.length > limit ? (items.at(-1)?.email ?? null) : null };
      },
    );
    app.post(
      '/invitations',
      {
        config: { needs: 'members' },
        schema: { body: invitationRequest, response: { 201: invitationMade, ...refusals } },
      },
      async (request, reply) => {
        await limitMails(parts, request.site.id, request.body.delivery);
        return reply.code(201).send(await invite(parts, inviterOf(request), request.body));
      },
    );
    app.post(
      '/invitations/:id/renew',
      {
        config: { needs: 'members' },
        schema: {
          params: byId,
          body: renewalRequest,
          response: { 200: invitationMade, ...refusals },
        },
      },
      async (request) => {
        await limitMails(parts, request.site.id, request.body.delivery);
        return renew(parts, inviterOf(request), { id: request.params.id, ...request.body });
      },
    );
    app.delete(
      '/invitations/:id',
      {
        config: { needs: 'members' },
        schema: { params: byId, response: { 204: z.null(), ...refusals } },
      },
      async (request, reply) => {
        await revoke(parts, inviterOf(request), request.params.id);
        return reply.code(204).send(null);
      },
    );
    await app.register(acceptRoutes(parts));
  };
}

/** Each may be a mail to anybody. @throws RequestProblem 429 */
async function limitMails(
  { database }: AccountParts,
  siteId: string,
  delivery: Delivery,
): Promise<void> {
  if (delivery !== 'mail') return;
  const subject = subjectOf(INVITATION_MAILS, siteId);
  const { allowed } = await countAttempt(database.system, subject, INVITATION_MAILS);
  if (!allowed) throw new RequestProblem(429, 'too-many-requests', TOO_MANY_MAILS);
}

const TOO_MANY_MAILS =
  'This site has invited very many people by mail just now. Wait some minutes, or hand over links.';

function inviterOf(request: FastifyRequest) {
  const { site, person } = request;
  return { site, person, source: sourceOf(request) };
}

const acceptRoutes =
  (parts: AccountParts): SiteRoutes =>
  async (app) => {
    const limitLogins = parts.loginLimits(app);
    const ended = { 410: apiError };
    app.post(
      '/invitation/look',
      {
        config: { needs: 'nothing' },
        schema: { body: invitationToken, response: { 200: invitationOffer, ...ended } },
      },
      async (request) => {
        await limitLogins(request, null);
        return lookAtInvitation(parts, request.site, request.body.token);
      },
    );
    app.post(
      '/invitation/accept',
      {
        config: { needs: 'nothing' },
        schema: {
          body: acceptRequest,
          response: { 200: sessionView, 400: apiError, 401: apiError, 403: apiError, ...ended },
        },
      },
      async (request, reply) => {
        const { site, body } = request;
        const login = await acceptInvitation(parts, site, {
          ...body,
          client: clientOf(request),
          limit: (email) => limitLogins(request, email),
          note: (tx, { id, name }) => {
            const who = { id, name, openedBy: 'password', action: 'invitation.accepted' } as const;
            return recordEntered(tx, site, { request, who });
          },
        });
        parts.cookies.set(reply, site.slug, login.cookie);
        return presentSession(login.user, site);
      },
    );
  };
