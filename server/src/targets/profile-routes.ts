import { type ProfileView, profileRequest, profileView } from '@netdelta/core/api/groups.ts';
import { pageOf } from '@netdelta/core/api/page.ts';
import { z } from 'zod';
import type { Database, SiteTransaction } from '../db/database.ts';
import { notFound, RequestProblem } from '../http/request-problem.ts';
import type { SiteRoutes } from '../http/site-routes.ts';
import {
  deleteProfile,
  insertProfile,
  type ProfileRow,
  selectGroupNamesOfProfile,
  selectProfile,
  selectProfileForUpdate,
  selectProfiles,
  updateProfile,
} from './profile-queries.ts';
import { refuseTakenName } from './taken-name.ts';

const byId = z.object({ id: z.uuid() });

/** Profiles: the list, one, make, change, delete. The built-in ones stay as they are. */
export const profileRoutes =
  ({ database }: { database: Database }): SiteRoutes =>
  async (app) => {
    app.get(
      '/profiles',
      { schema: { response: { 200: pageOf(profileView) } } },
      async ({ site }) => {
        const rows = await database.withSite(site.id, selectProfiles);
        return { items: rows.map(presentProfile), next: null };
      },
    );

    app.get(
      '/profiles/:id',
      { schema: { params: byId, response: { 200: profileView } } },
      ({ site, params }) => database.withSite(site.id, (tx) => viewProfile(tx, params.id)),
    );

    app.post(
      '/profiles',
      { schema: { body: profileRequest, response: { 201: profileView } } },
      async ({ site, body }, reply) => {
        const made = database.withSite(site.id, async (tx) =>
          viewProfile(tx, await insertProfile(tx, site.id, body)),
        );
        return reply.code(201).send(await refuseTakenName('profile', body.name, made));
      },
    );

    app.put(
      '/profiles/:id',
      { schema: { params: byId, body: profileRequest, response: { 200: profileView } } },
      ({ site, params, body }) => {
        const changed = database.withSite(site.id, async (tx) => {
          await requireOwnProfile(tx, params.id);
          await updateProfile(tx, params.id, body);
          return viewProfile(tx, params.id);
        });
        return refuseTakenName('profile', body.name, changed);
      },
    );

    app.delete('/profiles/:id', { schema: { params: byId } }, async ({ site, params }, reply) => {
      await database.withSite(site.id, (tx) => removeProfile(tx, params.id));
      return reply.code(204).send();
    });
  };

async function viewProfile(tx: SiteTransaction, id: string): Promise<ProfileView> {
  const row = await selectProfile(tx, id);
  if (!row) throw notFound('profile');
  return presentProfile(row);
}

async function requireOwnProfile(tx: SiteTransaction, id: string): Promise<void> {
  const profile = await selectProfileForUpdate(tx, id);
  if (!profile) throw notFound('profile');
  if (!profile.built_in) return;
  const message = `"${profile.name}" is built in and stays as it is: make a profile of your own with the options that you want.`;
  throw new RequestProblem(409, 'built-in', message);
}

async function removeProfile(tx: SiteTransaction, id: string): Promise<void> {
  await requireOwnProfile(tx, id);
  const groups = await selectGroupNamesOfProfile(tx, id);
  if (groups.length > 0) {
    const message = `This profile is used by ${describeNames(groups)}: choose another profile there first.`;
    throw new RequestProblem(409, 'profile-used', message);
  }
  await deleteProfile(tx, id);
}

const NAMES_SHOWN = 20;

function describeNames(names: readonly string[]): string {
  const shown = names.slice(0, NAMES_SHOWN).map((name) => `"${name}"`);
  const more = names.length - shown.length;
  return shown.join(', ') + (more > 0 ? ` and ${more} more` : '');
}

function presentProfile(row: ProfileRow): ProfileView {
  const { id, name, description, options, built_in, group_count } = row;
  return { id, name, description, options, builtIn: built_in, groupCount: group_count };
}
