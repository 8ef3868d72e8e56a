import { apiError } from '@netdelta/core/api/page.ts';
import {
  type PasskeyView,
  passkeyChallenge,
  passkeyList,
  passkeyRequest,
  passkeyView,
} from '@netdelta/core/api/passkeys.ts';
import { passwordProof } from '@netdelta/core/api/people.ts';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { SiteRoutes } from '../../http/site-routes.ts';
import type { AccountParts } from '../account-parts.ts';
import { readOwnAct } from '../own-account/own-act.ts';
import { proveOwnAct } from '../own-account/prove-own-act.ts';
import { addPasskey, challengeForNew, removePasskey } from './change-passkeys.ts';
import { type PasskeyRow, selectPasskeys } from './queries.ts';
import { findRelyingParty, requireRelyingParty } from './relying-party.ts';
import { requirePasskeySession } from './require-passkey-session.ts';

const byId = z.object({ id: z.uuid() });
const refusals = { 400: apiError, 403: apiError, 404: apiError, 409: apiError, 429: apiError };

/** `account/passkeys`: by what a person logs in without a password. */
export function passkeyRoutes(parts: AccountParts): SiteRoutes {
  const { database, publicUrl, challengeCookies } = parts;
  return async (app) => {
    const limitLogins = parts.loginLimits(app);
    const actOf = (request: FastifyRequest, password: string) =>
      proveOwnAct({ ...parts, limitLogins }, request, password);
    app.get(
      '/account/passkeys',
      { config: { needs: 'login' }, schema: { response: { 200: passkeyList } } },
      async (request) => {
        const party = findRelyingParty(publicUrl, request);
        const rows = await selectPasskeys(database.system, request.person.id);
        const items = rows.map(presentPasskey);
        if ('obstacle' in party) return { items, place: null, obstacle: party.obstacle };
        return { items, place: party, obstacle: null };
      },
    );
    app.post(
      '/account/passkeys/challenge',
      {
        config: { needs: 'login' },
        schema: { body: passwordProof, response: { 200: passkeyChallenge, ...refusals } },
      },
      async (request, reply) => {
        const party = requireRelyingParty(publicUrl, request);
        const act = await actOf(request, request.body.password);
        const tokenHash = challengeCookies.give(reply, request.site.slug);
        return { options: { ...(await challengeForNew(parts, act, { party, tokenHash })) } };
      },
    );
    app.post(
      '/account/passkeys',
      {
        config: { needs: 'login' },
        schema: { body: passkeyRequest, response: { 201: passkeyView, ...refusals } },
      },
      async (request, reply) => {
        const party = requireRelyingParty(publicUrl, request);
        const act = await readOwnAct(parts, request);
        await requirePasskeySession(parts, act);
        const tokenHash = challengeCookies.take(request, reply, request.site.slug);
        const row = await addPasskey(parts, act, { ...request.body, party, tokenHash });
        return reply.code(201).send(presentPasskey(row));
      },
    );
    app.delete(
      '/account/passkeys/:id',
      {
        config: { needs: 'login' },
        schema: { params: byId, body: passwordProof, response: { 204: z.null(), ...refusals } },
      },
      async (request, reply) => {
        const act = await actOf(request, request.body.password);
        await removePasskey(parts, act, request.params.id);
        return reply.code(204).send(null);
      },
    );
  };
}

function presentPasskey(row: PasskeyRow): PasskeyView {
  return {
    id: row.id,
    name: row.name,
    hostName: row.host_name,
    backedUp: row.backed_up,
    createdAt: row.created_at.toISOString(),
    lastUsedAt: row.last_used_at?.toISOString() ?? null,
  };
}
