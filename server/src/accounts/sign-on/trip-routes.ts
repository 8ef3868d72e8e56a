import type { SignOnRefusal } from '@netdelta/core/access/sign-on.ts';
import { signOnOffer, signOnStart } from '@netdelta/core/api/sign-on.ts';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { basePathOf } from '../../http/server.ts';
import type { SiteRoutes } from '../../http/site-routes.ts';
import { clientOf } from '../login-member.ts';
import { hashToken } from '../one-time-link.ts';
import { admit } from './admit.ts';
import { beginSignOn, finishSignOn } from './provider.ts';
import { ProviderFailure } from './provider-failure.ts';
import { deleteTrip, insertTrip, type ProviderRow, selectProvider } from './queries.ts';
import { openAccess, redirectUriOf, type SignOnParts } from './sign-on-parts.ts';
import { createTripCookies } from './trip-cookie.ts';

/** People of one organisation often share one address. */
const MOST_TRIPS = { max: 300, timeWindow: 300_000 };

/**
 * `sign-on/offer`, `start` and `callback`: the way of a browser to the provider and back. The last two
 * are opened as pages: they answer with where to go next, which is the login with a reason if need be.
 */
export function signOnTripRoutes(parts: SignOnParts & { publicUrl: URL | null }): SiteRoutes {
  const { database, publicUrl } = parts;
  const trips = createTripCookies(publicUrl);
  const pagesOf = (slug: string) => `${basePathOf(publicUrl)}${slug}`;
  const findProvider = async (siteId: string): Promise<ProviderRow | null> => {
    const provider = await database.withSite(siteId, selectProvider);
    return provider?.enabled ? provider : null;
  };
  const turnBack = (request: FastifyRequest, reply: FastifyReply, reason: SignOnRefusal) =>
    leadTo(reply, `${pagesOf(request.site.slug)}/login?refused=${reason}`);
  return async (app) => {
    app.get(
      '/sign-on/offer',
      { config: { needs: 'nothing' }, schema: { response: { 200: signOnOffer } } },
      async ({ site }) => ({ label: (await findProvider(site.id))?.label ?? null }),
    );
    app.get(
      '/sign-on/start',
      {
        exposeHeadRoute: false,
        config: { needs: 'nothing', rateLimit: MOST_TRIPS },
        schema: { querystring: signOnStart, response: { 302: z.null() } },
      },
      async (request, reply) => {
        const { site, query } = request;
        const provider = await findProvider(site.id);
        if (!provider) return turnBack(request, reply, 'no-provider');
        const way = { redirectUri: redirectUriOf(parts, site.slug), ask: parts.fetchOutside };
        const leaving = await leave(request, async () =>
          beginSignOn(await openAccess(parts, provider), way),
        );
        if (typeof leaving === 'string') return turnBack(request, reply, leaving);
        const { url, secrets } = leaving;
        const trip = {
          site_id: site.id,
          state_hash: hashToken(secrets.state),
          browser_hash: trips.mark(request, reply),
          ...{ nonce: secrets.nonce, code_verifier: secrets.codeVerifier },
          next: query.next ?? null,
        };
        await database.withSite(site.id, (tx) => insertTrip(tx, trip));
        return leadTo(reply, url.href);
      },
    );
    app.get(
      '/sign-on/callback',
      {
        // Whoever only looks at the address must not use it up.
        exposeHeadRoute: false,
        config: { needs: 'nothing', rateLimit: MOST_TRIPS },
        schema: { querystring: CALLBACK, response: { 302: z.null() } },
      },
      async (request, reply) => {
        const { site, query } = request;
        const provider = await findProvider(site.id);
        if (!provider) return turnBack(request, reply, 'no-provider');
        const browserHash = trips.read(request);
        const stateHash = hashToken(query.state ?? '');
        const trip =
          browserHash &&
          (await database.withSite(site.id, (tx) => deleteTrip(tx, { stateHash, browserHash })));
        if (!trip) return turnBack(request, reply, 'not-begun-here');
        const { nonce, code_verifier: codeVerifier } = trip;
        const proof = await leave(request, async () =>
          finishSignOn(await openAccess(parts, provider), {
            address: cameBackTo(redirectUriOf(parts, site.slug), request),
            secrets: { state: query.state ?? '', nonce, codeVerifier },
            ask: parts.fetchOutside,
            wanted: ['email', 'email_verified', 'name', provider.groups_claim],
          }),
        );
        if (typeof proof === 'string') return turnBack(request, reply, proof);
        const visit = { site, provider, proof, client: clientOf(request) };
        const admission = await admit(database, visit);
        if (admission.outcome === 'refused') return turnBack(request, reply, admission.reason);
        const cookie = await parts.auth.cookieOf(admission.sessionToken);
        const seconds = provider.session_hours * 3_600;
        parts.cookies.setInSite(reply, site.slug, { cookie, seconds });
        return leadTo(reply, within(pagesOf(site.slug), trip.next));
      },
    );
  };
}

/** Everything but the state is read by openid-client. */
const CALLBACK = z.object({ state: z.string().max(500).optional() });

/** What the provider does, or why it did not, which is logged for those who run it. */
async function leave<T extends object>(
  request: FastifyRequest,
  ask: () => Promise<T>,
): Promise<T | ProviderFailure['code']> {
  try {
    return await ask();
  } catch (error) {
    if (!(error instanceof ProviderFailure)) throw error;
    const { code, message } = error;
    request.log.warn({ site: request.site.slug, code }, `single sign-on failed: ${message}`);
    return code;
  }
}

function cameBackTo(redirectUri: string, { url }: FastifyRequest): URL {
  const address = new URL(redirectUri);
  address.search = new URL(url, address).search;
  return address;
}

/** Whatever is asked for, nobody is led out of the pages of the site. */
function within(pages: string, next: string | null): string {
  const home = `${pages}/`;
  if (!next?.startsWith('/')) return home;
  const origin = 'http://site.invalid';
  const wanted = `${pages}${next}`;
  if (!URL.canParse(wanted, origin)) return home;
  const { pathname, search, hash, origin: found } = new URL(wanted, origin);
  return found === origin && pathname.startsWith(home) ? `${pathname}${search}${hash}` : home;
}

function leadTo(reply: FastifyReply, address: string) {
  return reply.header('cache-control', 'no-store').redirect(address, 302);
}
