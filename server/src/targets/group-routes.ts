import {
  type GroupView,
  groupRequest,
  groupView,
  targetsRequest,
  targetsView,
} from '@netdelta/core/api/groups.ts';
import { pageOf, pageQuery } from '@netdelta/core/api/page.ts';
import { z } from 'zod';
import { recordAudit, sourceOf } from '../audit/record-audit.ts';
import type { Database, SiteTransaction } from '../db/database.ts';
import { readDownAfter } from '../db/down-after.ts';
import { notFound } from '../http/request-problem.ts';
import type { SiteRoutes } from '../http/site-routes.ts';
import type { Queue } from '../queue/queue.ts';
import { judgeTargets, loadScope } from '../sites/load-scope.ts';
import { auditedGroup } from './audited-targets.ts';
import { type GroupListRow, selectGroups } from './group-queries.ts';
import { presentStatusCounts } from './present-status-counts.ts';
import { createGroup, editGroup, readTargets, removeGroup } from './save-group.ts';
import { refuseTakenName } from './taken-name.ts';

const byId = z.object({ id: z.uuid() });

/** Groups: named sets of targets with one policy. */
export const groupRoutes =
  ({ database, queue }: { database: Database; queue: Pick<Queue, 'enqueue'> }): SiteRoutes =>
  async (app) => {
    app.get(
      '/groups',
      {
        config: { needs: 'read' },
        schema: { querystring: pageQuery, response: { 200: pageOf(groupView) } },
      },
      async ({ site, query: { after, limit } }) => {
        const page = { limit: limit + 1, ...(after !== undefined && { afterName: after }) };
        const rows = await database.withSite(site.id, (tx) => selectGroups(tx, page));
        const items = rows.slice(0, limit).map(presentGroup);
        return { items, next: rows.length > limit ? (items.at(-1)?.name ?? null) : null };
      },
    );

    app.get(
      '/groups/:id',
      { config: { needs: 'read' }, schema: { params: byId, response: { 200: groupView } } },
      (request) => database.withSite(request.site.id, (tx) => viewGroup(tx, request.params.id)),
    );

    app.post(
      '/groups',
      {
        config: { needs: 'configure' },
        schema: { body: groupRequest, response: { 201: groupView } },
      },
      async (request, reply) => {
        const { site, body } = request;
        const made = database.withSite(site.id, async (tx) => {
          const group = await viewGroup(tx, await createGroup(tx, site, body));
          const after = auditedGroup(group);
          const change = { action: 'group.created', subject: subjectOf(group), after } as const;
          await recordAudit(tx, site.id, sourceOf(request), change);
          return group;
        });
        return reply.code(201).send(await refuseTakenName('group', body.name, made));
      },
    );

    app.put(
      '/groups/:id',
      {
        config: { needs: 'configure' },
        schema: { params: byId, body: groupRequest, response: { 200: groupView } },
      },
      (request) => {
        const { site, params, body } = request;
        const edited = database.withSite(site.id, async (tx) => {
          const before = await viewGroup(tx, params.id);
          await editGroup(tx, site, { id: params.id, typed: body });
          const group = await viewGroup(tx, params.id);
          const sides = { before: auditedGroup(before), after: auditedGroup(group) };
          const change = { action: 'group.edited', subject: subjectOf(group), ...sides } as const;
          await recordAudit(tx, site.id, sourceOf(request), change);
          return group;
        });
        return refuseTakenName('group', body.name, edited);
      },
    );

    app.delete(
      '/groups/:id',
      {
        config: { needs: 'configure' },
        schema: { params: byId, response: { 202: groupView, 204: z.null() } },
      },
      async (request, reply) => {
        const { site, params } = request;
        const left = await database.withSite(site.id, async (tx) => {
          const group = await viewGroup(tx, params.id);
          // Asked again, its job is enqueued again: it goes on where another one stopped.
          const outcome = await removeGroup(tx, params.id);
          const job = { siteId: site.id, groupId: params.id };
          if (outcome === 'deleting')
            await queue.enqueue(tx, 'group.delete', job, { key: params.id });
          const view = outcome === 'deleting' ? await viewGroup(tx, params.id) : null;
          if (group.deletingSince !== null) return view;
          const before = auditedGroup(group);
          const change = { action: 'group.deleted', subject: subjectOf(group), before } as const;
          await recordAudit(tx, site.id, sourceOf(request), change);
          return view;
        });
        return left ? reply.code(202).send(left) : reply.code(204).send(null);
      },
    );

    app.post(
      '/groups/check-targets',
      {
        config: { needs: 'configure' },
        schema: { body: targetsRequest, response: { 200: targetsView } },
      },
      async ({ site, body }) => {
        const { addressCount, nameCount, normalised, problems, set } = readTargets(site, body);
        const scope = await database.withSite(site.id, (tx) => loadScope(tx, site.id));
        return {
          addressCount,
          nameCount,
          normalised,
          problems: [...problems],
          limit: site.targetLimit,
          outsideScope: judgeTargets(scope, { ...set, beacons: '' }),
        };
      },
    );
  };

function subjectOf({ id, name }: GroupView) {
  return { kind: 'group', id, name };
}

async function viewGroup(tx: SiteTransaction, id: string): Promise<GroupView> {
  const [row] = await selectGroups(tx, { id, limit: 1 });
  if (!row) throw notFound('group');
  return presentGroup(row);
}

function presentGroup(row: GroupListRow): GroupView {
  return {
    id: row.id,
    name: row.name,
    description: row.description,
    owner: row.owner,
    targets: row.targets_text,
    exclusions: row.exclusions_text,
    profileId: row.profile_id,
    profileName: row.profile_name,
    downAfter: readDownAfter(row.down_after),
    serviceDownAfter: readDownAfter(row.service_down_after),
    identity: row.identity,
    beacons: row.beacons,
    recipients: row.recipients,
    addressCount: row.address_count,
    nameCount: row.name_count,
    statusCounts: presentStatusCounts(row.status_counts, row.address_count + row.name_count),
    lastScan:
      row.last_id === null || row.last_status === null
        ? null
        : {
            id: row.last_id,
            status: row.last_status,
            finishedAt: row.last_finished_at?.toISOString() ?? null,
            deltaCount: row.last_delta_count ?? 0,
          },
    nextRunAt: row.next_run_at?.toISOString() ?? null,
    deletingSince: row.deleting_since?.toISOString() ?? null,
    rowsDeleted: Number(row.rows_deleted),
    createdAt: row.created_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
  };
}
