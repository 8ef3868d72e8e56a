import { apiError } from '@netdelta/core/api/page.ts';
import {
  codeProof,
  passwordProof,
  recoveryCodes,
  secondFactorOffer,
  secondFactorView,
} from '@netdelta/core/api/people.ts';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { RequestProblem } from '../../http/request-problem.ts';
import type { SiteRoutes } from '../../http/site-routes.ts';
import type { AccountParts } from '../account-parts.ts';
import type { SessionCookie } from '../better-auth.ts';
import { selectSecondFactor } from './queries.ts';

const refusals = { 400: apiError, 429: apiError };

/** `account/second-factor`: codes of an authenticator app beside the password. */
export function secondFactorRoutes(parts: AccountParts): SiteRoutes {
  const { database, auth, cookies } = parts;
  const { secondFactor } = auth;
  const renewSession = (
    { site }: FastifyRequest,
    reply: FastifyReply,
    cookie: SessionCookie | null,
  ) => {
    if (!cookie) return false;
    cookies.set(reply, site.slug, cookie);
    return true;
  };
  return async (app) => {
    const limitLogins = parts.loginLimits(app);
    const cookieOf = async (request: FastifyRequest): Promise<SessionCookie> => {
      await limitLogins(request, request.person.email);
      const cookie = cookies.read(request);
      if (!cookie) throw new Error('a login without a cookie');
      return cookie;
    };
    app.get(
      '/account/second-factor',
      { config: { needs: 'login' }, schema: { response: { 200: secondFactorView } } },
      ({ site, person }) =>
        database.withSite(site.id, (tx) =>
          selectSecondFactor(tx, { siteId: site.id, userId: person.id }),
        ),
    );
    app.post(
      '/account/second-factor',
      {
        config: { needs: 'login' },
        schema: { body: passwordProof, response: { 200: secondFactorOffer, ...refusals } },
      },
      async (request) => {
        const { password } = request.body;
        const offer = await secondFactor.offer(await cookieOf(request), password);
        if (!offer) throw wrongPassword();
        return { ...offer, recoveryCodes: [...offer.recoveryCodes] };
      },
    );
    app.post(
      '/account/second-factor/confirm',
      {
        config: { needs: 'login' },
        schema: { body: codeProof, response: { 204: z.null(), ...refusals } },
      },
      async (request, reply) => {
        const code = request.body.code.replaceAll(/\s/g, '');
        const cookie = await secondFactor.confirm(await cookieOf(request), code);
        if (!renewSession(request, reply, cookie)) throw wrongCode();
        return reply.code(204).send(null);
      },
    );
    app.delete(
      '/account/second-factor',
      {
        config: { needs: 'login' },
        schema: { body: passwordProof, response: { 204: z.null(), ...refusals } },
      },
      async (request, reply) => {
        const { password } = request.body;
        const cookie = await secondFactor.end(await cookieOf(request), password);
        if (!renewSession(request, reply, cookie)) throw wrongPassword();
        return reply.code(204).send(null);
      },
    );
    app.post(
      '/account/second-factor/recovery-codes',
      {
        config: { needs: 'login' },
        schema: { body: passwordProof, response: { 200: recoveryCodes, ...refusals } },
      },
      async (request) => {
        const { password } = request.body;
        const codes = await secondFactor.renewCodes(await cookieOf(request), password);
        if (!codes) throw wrongPassword();
        return { recoveryCodes: [...codes] };
      },
    );
  };
}

function wrongPassword(): RequestProblem {
  const problems = [{ path: 'password', message: 'is not your password' }];
  return new RequestProblem(400, 'wrong-password', 'Nothing was changed.', problems);
}

function wrongCode(): RequestProblem {
  const message = 'is not what the app shows now; is the clock of your telephone right?';
  return new RequestProblem(400, 'wrong-code', 'The code is wrong.', [{ path: 'code', message }]);
}
