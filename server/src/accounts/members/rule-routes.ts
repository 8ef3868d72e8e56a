import { apiError } from '@netdelta/core/api/page.ts';
import { memberRules } from '@netdelta/core/api/people.ts';
import { recordAudit, sourceOf } from '../../audit/record-audit.ts';
import type { Database } from '../../db/database.ts';
import { RequestProblem } from '../../http/request-problem.ts';
import type { SiteRoutes } from '../../http/site-routes.ts';
import { selectProtection } from '../passkeys/queries.ts';
import { selectSecondFactorDemanded, updateSecondFactorDemanded } from './queries.ts';

/** `member-rules`: what the site asks of everybody who enters it. */
export const memberRuleRoutes =
  ({ database }: { database: Database }): SiteRoutes =>
  async (app) => {
    app.get(
      '/member-rules',
      { config: { needs: 'read' }, schema: { response: { 200: memberRules } } },
      ({ site }) =>
        database.withSite(site.id, async (tx) => ({
          secondFactorDemanded: await selectSecondFactorDemanded(tx, site.id),
        })),
    );
    app.put(
      '/member-rules',
      {
        config: { needs: 'members' },
        schema: { body: memberRules, response: { 200: memberRules, 409: apiError } },
      },
      (request) => {
        const { site, person, body } = request;
        return database.withSite(site.id, async (tx) => {
          const own = await selectProtection(database.system, person.id);
          if (body.secondFactorDemanded && !own.secondFactor && !own.passkey) throw ownFirst();
          const before = { secondFactorDemanded: await selectSecondFactorDemanded(tx, site.id) };
          await updateSecondFactorDemanded(tx, site.id, body.secondFactorDemanded);
          const subject = { kind: 'site', id: site.id, name: site.name };
          const edit = { action: 'settings.edited', subject, before, after: body } as const;
          await recordAudit(tx, site.id, sourceOf(request), edit);
          return body;
        });
      },
    );
  };

/** Whoever demands it must not be locked out by it. */
function ownFirst(): RequestProblem {
  const message = 'Set up a second factor or a passkey in your own account first.';
  return new RequestProblem(409, 'own-second-factor-first', message);
}
