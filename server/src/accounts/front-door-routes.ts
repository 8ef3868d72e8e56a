import { type FrontDoorView, frontDoorView, setupRequest } from '@netdelta/core/api/accounts.ts';
import { apiError } from '@netdelta/core/api/page.ts';
import type { DoorRoutes } from '../http/door-routes.ts';
import { RequestProblem } from '../http/request-problem.ts';
import { selectFirstSites, selectSitesOf } from './queries.ts';
import { type AccountParts, clientOf } from './routes.ts';
import { setUpSite } from './setup.ts';

const MOST_SETUPS = { max: 30, timeWindow: 300_000 };

/** What lies before the sites, below `/api/v1`: `sites` (GET) and `setup` (POST). */
export function frontDoorRoutes(parts: AccountParts): DoorRoutes {
  const { auth, cookies, database } = parts;
  return async (app) => {
    app.get(
      '/sites',
      { config: { needs: 'nothing' }, schema: { response: { 200: frontDoorView } } },
      async (request) => {
        const cookie = cookies.read(request);
        const user = cookie && (await auth.findUser(cookie));
        return presentFrontDoor(
          await selectFirstSites(database.system),
          user && (await selectSitesOf(database.system, user.id)),
        );
      },
    );
    const created = frontDoorView.shape.sites.element.pick({ slug: true });
    app.post(
      '/setup',
      {
        config: { needs: 'nothing', rateLimit: MOST_SETUPS },
        schema: { body: setupRequest, response: { 201: created, 400: apiError, 403: apiError } },
      },
      async (request, reply) => {
        const { body } = request;
        const outcome = await setUpSite(parts, body);
        if (outcome === 'refused') throw endedLink();
        if (outcome !== 'done') throw badSetup(outcome.problems);
        const login = await auth.login(body, clientOf(request));
        if (login) cookies.set(reply, body.siteSlug, login.cookie);
        return reply.code(201).send({ slug: body.siteSlug });
      },
    );
  };
}

/** Who is logged in sees their sites; others the only one there is, but no list of customers. */
function presentFrontDoor(
  first: FrontDoorView['sites'],
  own: FrontDoorView['sites'] | null,
): FrontDoorView {
  const onlyOne = first.length === 1 ? first : [];
  return { needsSetup: first.length === 0, sites: own?.length ? own : onlyOne };
}

function endedLink(): RequestProblem {
  const message =
    'This set-up link is not valid any more. Use the one that NetDelta printed at its last start; once a site exists there is none.';
  return new RequestProblem(403, 'setup-link-ended', message);
}

function badSetup(problems: { path: string; message: string }[]): RequestProblem {
  return new RequestProblem(400, 'invalid', 'The set-up is not valid.', problems);
}
