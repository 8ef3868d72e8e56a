import { randomBytes, randomUUID } from 'node:crypto';
import { buildFinding } from '@netdelta/core/evidence/build-doubt.ts';
import { sql } from 'kysely';
import { recordAudit } from '../../audit/record-audit.ts';
import type { Database } from '../../db/database.ts';

/** What things of a site are called. */
export type SiteIds = Readonly<
  Record<
    | 'group'
    | 'profile'
    | 'schedule'
    | 'scan'
    | 'delta'
    | 'notification'
    | 'invitation'
    | 'key'
    | 'authorisation'
    | 'member'
    | 'address',
    string
  >
>;

interface Filled {
  readonly siteId: string;
  readonly groupId: string;
}

/** Inserts what scans do not write. */
export async function insertRest(
  database: Database,
  { siteId, userId, groupId, marker }: Filled & { userId: string; marker: string },
): Promise<void> {
  const { system } = database;
  const place = { site_id: siteId, group_id: groupId };
  const now = new Date();
  await system
    .insertInto('schedules')
    .values({
      ...place,
      timing: JSON.stringify({ kind: 'cron', cron: '0 2 * * *', timeZone: 'UTC' }),
      missed: 'run',
      overlap: 'skip',
      enabled: false,
    })
    .execute();
  await system
    .insertInto('notifications')
    .values({
      ...place,
      recipient: `${marker}@example.org`,
      ...{ subject: marker, text: marker, html: marker, status: 'failed' as const },
    })
    .execute();
  await system
    .insertInto('refutations')
    .values({
      ...place,
      scan_id: randomUUID(),
      at: now,
      address: '127.0.9.1',
      kind: 'host',
      finding: JSON.stringify(buildFinding()),
    })
    .execute();
  await system
    .insertInto('displaced_hosts')
    .values({ ...place, belief: JSON.stringify({ names: [marker] }), displaced_at: now })
    .execute();
  // The scheduler lets it rest.
  await system
    .updateTable('sites')
    .set({ retention_next_at: new Date('2999-01-01') })
    .where('id', '=', siteId)
    .execute();
  await system
    .insertInto('invitations')
    .values({
      site_id: siteId,
      email: `invited-${marker.toLowerCase()}@example.org`,
      role: 'viewer',
      delivery: 'mail',
      invited_by: userId,
      expires_at: new Date('2999-01-01'),
    })
    .execute();
  await system
    .insertInto('api_keys')
    .values({
      site_id: siteId,
      name: marker,
      token_hash: randomBytes(32),
      hint: 'ndk_0000',
      scopes: ['read'],
      created_by: userId,
    })
    .execute();
  await system
    .insertInto('scope_entries')
    .values({
      site_id: siteId,
      laid_by: 'site',
      targets_text: '127.0.0.0/8',
      targets: JSON.stringify([]),
      ...{ address_count: '0', name_count: 0, authorised_by: marker },
    })
    .execute();
  await insertSignOn(database, { siteId, userId, marker });
  await system
    .insertInto('site_logos')
    .values({ site_id: siteId, type: 'image/png', image: Buffer.from(marker), digest: marker })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  await system.insertInto('retention_runs').values({ site_id: siteId, detail_days: 90 }).execute();
  const actor = { kind: 'person', id: userId, name: marker } as const;
  const subject = { kind: 'group', id: groupId, name: marker };
  await database.withSite(siteId, (tx) =>
    recordAudit(
      tx,
      siteId,
      { actor, address: null, userAgent: marker },
      { action: 'group.created', subject },
    ),
  );
}

/** A provider, whom it knows, and a login on its way. */
async function insertSignOn(
  { system }: Database,
  { siteId, userId, marker }: { siteId: string; userId: string; marker: string },
): Promise<void> {
  const issuer = `https://${marker.toLowerCase()}.example.org`;
  const rule = {
    groups_claim: 'groups',
    roles: '[]',
    otherwise: 'viewer',
    scopes: 'openid',
  } as const;
  await system
    .insertInto('sign_on_providers')
    .values({
      ...{ site_id: siteId, enabled: true, label: marker, issuer, client_id: marker, ...rule },
      ...{ admits_new: true, links_by_email: false, password_allowed: true, session_hours: 12 },
      second_factor: 'asserted',
    })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  await system
    .insertInto('sign_on_subjects')
    .values({ site_id: siteId, issuer, subject: marker, user_id: userId })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  await system
    .insertInto('sign_on_trips')
    .values({
      ...{ site_id: siteId, state_hash: randomBytes(32), browser_hash: randomBytes(32) },
      ...{ nonce: marker, code_verifier: marker, expires_at: new Date('2999-01-01') },
    })
    .execute();
}

export async function selectIds(
  { system }: Database,
  { siteId, groupId }: Filled,
): Promise<SiteIds> {
  const of = (
    table:
      | 'schedules'
      | 'scans'
      | 'deltas'
      | 'notifications'
      | 'profiles'
      | 'invitations'
      | 'api_keys'
      | 'scope_entries',
  ) =>
    system
      .selectFrom(table)
      .select('id')
      .where('site_id', '=', siteId)
      .limit(1)
      .executeTakeFirstOrThrow();
  return {
    group: groupId,
    profile: (await of('profiles')).id,
    schedule: (await of('schedules')).id,
    scan: (await of('scans')).id,
    delta: (await of('deltas')).id,
    notification: (await of('notifications')).id,
    invitation: (await of('invitations')).id,
    key: (await of('api_keys')).id,
    authorisation: (await of('scope_entries')).id,
    member: await selectMemberId(system, siteId),
    address: '127.0.9.1',
  };
}

/** The site and one person of this e-mail's part, who is its owner. */
export async function selectOwner({ system }: Database, slug: string) {
  return system
    .selectFrom('members as m')
    .innerJoin('sites as s', 's.id', 'm.site_id')
    .select(['m.site_id as siteId', 'm.user_id as userId'])
    .where('s.slug', '=', slug)
    .where('m.role', '=', 'owner')
    .executeTakeFirstOrThrow();
}

/** Lets the site's last scan run again, with a shard that waits: what jobs look for. */
export async function reopenScan({ system }: Database, scanId: string): Promise<void> {
  const open = { finished_at: null } as const;
  await system
    .updateTable('scans')
    .set({ ...open, status: 'running', shards_done: 0 })
    .where('id', '=', scanId)
    .execute();
  await system
    .updateTable('shards')
    .set({ ...open, status: 'queued' })
    .where('scan_id', '=', scanId)
    .execute();
}

/** How many jobs have not ended yet. */
export async function selectOpenJobs({ system }: Database): Promise<number> {
  const { rows } = await sql<{ open: number }>`
    select count(*)::int as open from pgboss.job where state < 'completed'`.execute(system);
  return rows[0]?.open ?? 0;
}

async function selectMemberId(system: Database['system'], siteId: string): Promise<string> {
  const member = await system
    .selectFrom('members')
    .select('user_id')
    .where('site_id', '=', siteId)
    .limit(1)
    .executeTakeFirstOrThrow();
  return member.user_id;
}
