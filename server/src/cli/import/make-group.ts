import { groupRequest } from '@netdelta/core/api/groups.ts';
import type { SiteTransaction } from '../../db/database.ts';
import { RequestProblem } from '../../http/request-problem.ts';
import type { RequestSite } from '../../http/site-routes.ts';
import { selectProfiles } from '../../targets/profile-queries.ts';
import { createGroup } from '../../targets/save-group.ts';

const PROFILE = 'Standard';

/**
 * Makes a group for imported scans, with the profile Standard, or else the site's first one. It has
 * no schedule and tells nobody until a person says so. Answers its id.
 * @throws RequestProblem listing all that is wrong with it
 */
export async function makeGroup(
  tx: SiteTransaction,
  site: RequestSite,
  { name, targets }: { name: string; targets: string },
): Promise<string> {
  const profiles = await selectProfiles(tx);
  const profile = profiles.find((one) => one.name === PROFILE) ?? profiles[0];
  if (!profile)
    throw new RequestProblem(409, 'no-profile', 'This site has no profile: make one first.');
  const wish = groupRequest.safeParse({ name, targets, profileId: profile.id });
  if (!wish.success)
    throw new RequestProblem(
      400,
      'bad-group',
      `The group "${name}" cannot be made like this.`,
      wish.error.issues.map(({ path, message }) => ({ path: path.join('.'), message })),
    );
  return createGroup(tx, site, wish.data);
}
