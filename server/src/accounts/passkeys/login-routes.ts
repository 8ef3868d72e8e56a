import { sessionView } from '@netdelta/core/api/accounts.ts';
import { apiError } from '@netdelta/core/api/page.ts';
import { type PasskeyLogin, passkeyChallenge, passkeyLogin } from '@netdelta/core/api/passkeys.ts';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { DoorRoutes } from '../../http/door-routes.ts';
import type { SiteRoutes } from '../../http/site-routes.ts';
import type { AccountParts } from '../account-parts.ts';
import { type Entered, enterSite, presentSession, refusedLogin } from '../login-member.ts';
import { recordEntered, recordRefused, recordRefusedAtDoor } from '../record-login.ts';
import { giveLoginChallenge, requirePasskeyLogin } from './require-passkey-login.ts';

/** From one address, which a whole office may share: each is a row for five minutes. */
const MOST = { max: 300, timeWindow: 300_000 };
const refusals = { 401: apiError, 403: apiError, 409: apiError, 429: apiError };

const challengeRoute = {
  config: { needs: 'nothing', rateLimit: MOST },
  schema: { response: { 200: passkeyChallenge, ...refusals } },
} as const;

/** `session/passkey`: logs in to a site without a password. */
export const passkeyLoginRoutes =
  (parts: AccountParts): SiteRoutes =>
  async (app) => {
    const limitLogins = parts.loginLimits(app);
    app.post('/session/passkey/challenge', challengeRoute, (request, reply) =>
      giveLoginChallenge(parts, { request, reply, slug: request.site.slug }),
    );
    app.post(
      '/session/passkey',
      {
        config: { needs: 'nothing' },
        schema: { body: passkeyLogin, response: { 200: sessionView, ...refusals } },
      },
      async (request, reply) => {
        const { site, body } = request;
        await limitLogins(request, null);
        const entered = await enterByPasskey(parts, { request, reply, credential: body });
        parts.cookies.set(reply, site.slug, entered.cookie);
        return presentSession(entered.user, site);
      },
    );
  };

/** The same at the front door. */
export const passkeyDoorRoutes =
  (parts: AccountParts): DoorRoutes =>
  async (app) => {
    const { database, cookies } = parts;
    const limitLogins = parts.loginLimits(app);
    app.post('/session/passkey/challenge', challengeRoute, (request, reply) =>
      giveLoginChallenge(parts, { request, reply, slug: null }),
    );
    app.post(
      '/session/passkey',
      {
        config: { needs: 'nothing' },
        schema: { body: passkeyLogin, response: { 204: z.null(), ...refusals } },
      },
      async (request, reply) => {
        await limitLogins(request, null);
        const noteRefused = (email: string) => recordRefusedAtDoor(database, { request, email });
        const place = { request, reply, slug: null };
        const answer = { credential: request.body, noteRefused };
        cookies.setAtDoor(reply, (await requirePasskeyLogin(parts, place, answer)).cookie);
        return reply.code(204).send(null);
      },
    );
  };

interface PasskeyEntry {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly credential: PasskeyLogin;
}

/** A member who has logged in by a passkey. @throws RequestProblem 401 */
async function enterByPasskey(
  parts: AccountParts,
  { request, reply, credential }: PasskeyEntry,
): Promise<Entered> {
  const { site } = request;
  const { withSite } = parts.database;
  const noteRefused = (email: string) =>
    withSite(site.id, (tx) => recordRefused(tx, [site], { request, email }));
  const place = { request, reply, slug: site.slug };
  const login = await requirePasskeyLogin(parts, place, { credential, noteRefused });
  const entered = await enterSite(parts, site, login).catch(async (error: unknown) => {
    await noteRefused(login.user.email);
    throw error;
  });
  if (!entered) {
    await noteRefused(login.user.email);
    throw refusedLogin();
  }
  const { user, openedBy } = entered;
  const who = { ...user, openedBy, action: 'session.opened' } as const;
  await withSite(site.id, (tx) => recordEntered(tx, site, { request, who }));
  return entered;
}
