import { apiError } from '@netdelta/core/api/page.ts';
import {
  codeProof,
  passwordProof,
  recoveryCodes,
  secondFactorOffer,
  secondFactorView,
} from '@netdelta/core/api/people.ts';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { RequestProblem } from '../../http/request-problem.ts';
import type { SiteRoutes } from '../../http/site-routes.ts';
import type { AccountParts } from '../account-parts.ts';
import { readOwnAct } from '../own-account/own-act.ts';
import { proveOwnAct } from '../own-account/prove-own-act.ts';
import { requirePasskeySession } from '../passkeys/require-passkey-session.ts';
import {
  confirmSecondFactor,
  endSecondFactor,
  offerSecondFactor,
  renewRecoveryCodes,
} from './change-second-factor.ts';
import { selectSecondFactor } from './queries.ts';

const refusals = { 400: apiError, 403: apiError, 409: apiError, 429: apiError };

/** `account/second-factor`: codes of an authenticator app beside the password. */
export function secondFactorRoutes(parts: AccountParts): SiteRoutes {
  const { database } = parts;
  return async (app) => {
    const limitLogins = parts.loginLimits(app);
    const actOf = (request: FastifyRequest, password: string) =>
      proveOwnAct({ ...parts, limitLogins }, request, password);
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
        const offer = await offerSecondFactor(parts, await actOf(request, request.body.password));
        if (!offer) throw holdsAlready();
        return offer;
      },
    );
    app.post(
      '/account/second-factor/confirm',
      {
        config: { needs: 'login' },
        schema: { body: codeProof, response: { 204: z.null(), ...refusals } },
      },
      async (request, reply) => {
        await limitLogins(request, request.person.id);
        const act = await readOwnAct(parts, request);
        await requirePasskeySession(parts, act);
        const code = request.body.code.replaceAll(/\s/g, '');
        if (!(await confirmSecondFactor(parts, act, code))) throw wrongCode();
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
        await endSecondFactor(parts, await actOf(request, request.body.password));
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
        const codes = await renewRecoveryCodes(parts, await actOf(request, request.body.password));
        if (!codes) throw noneYet();
        return { recoveryCodes: codes };
      },
    );
  };
}

function holdsAlready(): RequestProblem {
  const message = 'You have a second factor already. End it first, to set up another one.';
  return new RequestProblem(409, 'second-factor-holds', message);
}

function noneYet(): RequestProblem {
  const message = 'There are recovery codes only with a second factor. Set one up first.';
  return new RequestProblem(409, 'no-second-factor', message);
}

function wrongCode(): RequestProblem {
  const message = 'is not what the app shows now; is the clock of your telephone right?';
  return new RequestProblem(400, 'wrong-code', 'The code is wrong.', [{ path: 'code', message }]);
}
