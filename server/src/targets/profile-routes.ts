import { type ProfileView, profileRequest, profileView } from '@netdelta/core/api/groups.ts';
import { pageOf } from '@netdelta/core/api/page.ts';
import { z } from 'zod';
import { recordAudit, sourceOf } from '../audit/record-audit.ts';
import type { Database, SiteTransaction } from '../db/database.ts';
import { notFound, RequestProblem } from '../http/request-problem.ts';
import type { SiteRoutes } from '../http/site-routes.ts';
import { auditedProfile } from './audited-targets.ts';
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
import { requireAllowedScripts } from './require-allowed-scripts.ts';
import { refuseTakenName } from './taken-name.ts';

const byId = z.object({ id: z.uuid() });

/** Profiles: the list, one, make, change, delete. The built-in ones stay as they are. */
export const profileRoutes =
  ({ database }: { database: Database }): SiteRoutes =>
  async (app) => {
    app.get(
      '/profiles',
      { config: { needs: 'read' }, schema: { response: { 200: pageOf(profileView) } } },
      async ({ site }) => {
        const rows = await database.withSite(site.id, selectProfiles);
        return { items: rows.map(presentProfile), next: null };
      },
    );

    app.get(
      '/profiles/:id',
      { config: { needs: 'read' }, schema: { params: byId, response: { 200: profileView } } },
      ({ site, params }) => database.withSite(site.id, (tx) => viewProfile(tx, params.id)),
    );

    app.post(
      '/profiles',
      {
        config: { needs: 'configure' },
        schema: { body: profileRequest, response: { 201: profileView } },
      },
      async (request, reply) => {
        const { site, body } = request;
        const made = database.withSite(site.id, async (tx) => {
          await requireAllowedScripts(tx, body.options);
          const profile = await viewProfile(tx, await insertProfile(tx, site.id, body));
          const after = auditedProfile(profile);
          const change = { action: 'profile.created', subject: subjectOf(profile), after } as const;
          await recordAudit(tx, site.id, sourceOf(request), change);
          return profile;
        });
        return reply.code(201).send(await refuseTakenName('profile', body.name, made));
      },
    );

    app.put(
      '/profiles/:id',
      {
        config: { needs: 'configure' },
        schema: { params: byId, body: profileRequest, response: { 200: profileView } },
      },
      (request) => {
        const { site, params, body } = request;
        const changed = database.withSite(site.id, async (tx) => {
          await requireOwnProfile(tx, params.id);
          await requireAllowedScripts(tx, body.options);
          const before = auditedProfile(await viewProfile(tx, params.id));
          await updateProfile(tx, params.id, body);
          const profile = await viewProfile(tx, params.id);
          const sides = { before, after: auditedProfile(profile) };
          const change = {
            action: 'profile.edited',
            subject: subjectOf(profile),
            ...sides,
          } as const;
          await recordAudit(tx, site.id, sourceOf(request), change);
          return profile;
        });
        return refuseTakenName('profile', body.name, changed);
      },
    );

    app.delete(
      '/profiles/:id',
      { config: { needs: 'configure' }, schema: { params: byId } },
      async (request, reply) => {
        const { site, params } = request;
        await database.withSite(site.id, async (tx) => {
          const profile = await viewProfile(tx, params.id);
          await removeProfile(tx, params.id);
          const before = auditedProfile(profile);
          const change = {
            action: 'profile.deleted',
            subject: subjectOf(profile),
            before,
          } as const;
          await recordAudit(tx, site.id, sourceOf(request), change);
        });
        return reply.code(204).send();
      },
    );
  };

function subjectOf({ id, name }: ProfileView) {
  return { kind: 'profile', id, name };
}

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
