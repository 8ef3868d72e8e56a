import { groupView } from '@netdelta/core/api/groups.ts';
import { scanOptions } from '@netdelta/core/profile/options.ts';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../db/testing/test-database.ts';
import { createTestServer, type TestServer } from '../http/testing/create-test-server.ts';
import { groupRoutes } from './group-routes.ts';

/** Small groups go at once. */
const NO_QUEUE = { enqueue: async () => undefined };

let test: TestDatabase;
let server: TestServer;
let profileId: string;
let made = 0;

beforeAll(async () => {
  test = await createTestDatabase();
  server = await createTestServer(test.database, [groupRoutes({ ...test, queue: NO_QUEUE })], {
    targetLimit: 1_000_000,
  });
  const { rows } = await test.database.pool.query('select id from profiles limit 1');
  profileId = rows[0].id;
});
afterAll(async () => {
  await server.app.close();
  await test.close();
});

const bodyOf = (targets: string, more: object = {}) => ({ name: 'x', targets, profileId, ...more });

/** A group with a scan of this status and a host row, with its interval, for each given address. */
async function makeScanned(
  targets: string,
  { status = 'finished', addresses = [] as string[], name = null as string | null } = {},
) {
  made += 1;
  const body = bodyOf(targets, { name: `Group ${made}` });
  const group = groupView.parse((await server.call('POST', 'groups', body)).json());
  const { pool } = test.database;
  const key = [server.site.id, group.id];
  await pool.query(
    `insert into scans (site_id, group_id, status, trigger, profile_name, options, down_after)
     values ($1, $2, $3, 'person', 'Quick', $4, 3)`,
    [...key, status, JSON.stringify(scanOptions.parse({}))],
  );
  await pool.query(
    `insert into hosts (site_id, group_id, address, target_name, status, reason, status_since)
     select $1, $2, a, $4, 3, 'syn-ack', now() - interval '1 hour' from unnest($3::inet[]) a`,
    [...key, addresses, name],
  );
  await pool.query(
    `insert into host_intervals (site_id, group_id, address, valid_from, status)
     select $1, $2, a, now() - interval '1 hour', 3 from unnest($3::inet[]) a`,
    [...key, addresses],
  );
  const edit = (to: string, more: object = {}) =>
    server.call('PUT', `groups/${group.id}`, { ...body, targets: to, ...more });
  return { group, edit };
}

async function statuses(groupId: string) {
  const { rows } = await test.database.pool.query(
    `select host(h.address) as address, h.status, i.status as now,
       (select count(*)::int from host_intervals e where e.group_id = h.group_id and e.address = h.address) as intervals
     from hosts h left join host_intervals i on i.group_id = h.group_id and i.address = h.address and i.valid_to is null
     where h.group_id = $1 order by h.address`,
    [groupId],
  );
  return rows;
}

async function deltas(groupId: string) {
  const { rows } = await test.database.pool.query(
    'select kind, target, address, scan_id, before, after, evidence from deltas where group_id = $1 order by id',
    [groupId],
  );
  return rows;
}

it('makes hosts that left REMOVED and brings them back as ADDED, each with one open interval', async () => {
  const addresses = ['10.0.0.1', '10.0.0.2', '2001:db8::1'];
  const { group, edit } = await makeScanned(addresses.join('\n'), { addresses });
  expect((await edit('10.0.0.1')).statusCode).toBe(200);
  expect(await statuses(group.id)).toEqual([
    { address: '10.0.0.1', status: 3, now: 3, intervals: 1 },
    { address: '10.0.0.2', status: 9, now: 9, intervals: 2 },
    { address: '2001:db8::1', status: 9, now: 9, intervals: 2 },
  ]);
  expect((await edit('10.0.0.1 10.0.0.2')).statusCode).toBe(200);
  expect((await statuses(group.id))[1]).toMatchObject({ status: 0, now: 0, intervals: 3 });
});

it('tells each target that came or went, and whose edit it was', async () => {
  const { group, edit } = await makeScanned('10.0.1.0/24\nweb.example');
  await edit('10.0.2.0/25');
  const rest = { scan_id: null, address: null, evidence: { reason: 'edited' } };
  expect(await deltas(group.id)).toEqual([
    {
      kind: 'target.added',
      target: '10.0.2.0/25',
      before: null,
      after: { addresses: 128 },
      ...rest,
    },
    {
      kind: 'target.removed',
      target: '10.0.1.0/24',
      before: { addresses: 256 },
      after: null,
      ...rest,
    },
    { kind: 'target.removed', target: 'web.example', before: {}, after: null, ...rest },
  ]);
});

it.each(['waiting', 'failed', 'cancelled'])(
  'tells nothing after a %s scan alone',
  async (status) => {
    const { group, edit } = await makeScanned('10.0.3.0/24', { status });
    await edit('10.0.4.0/24');
    expect(await deltas(group.id)).toEqual([]);
  },
);

it('removes a host that a name led to when its address is excluded', async () => {
  const { group, edit } = await makeScanned('web.example', {
    addresses: ['10.0.5.1', '10.0.5.2'],
    name: 'web.example',
  });
  await edit('web.example', { exclusions: '10.0.5.1' });
  expect((await statuses(group.id)).map(({ status }) => status)).toEqual([9, 3]);
});

it('takes ten thousand targets at once', async () => {
  const many = Array.from({ length: 10_000 }, (_, at) => `10.9.${at >> 8}.${at & 255}`).join('\n');
  const { group, edit } = await makeScanned('10.0.6.1');
  expect((await edit(many)).statusCode).toBe(200);
  expect(await deltas(group.id)).toHaveLength(10_001);
});

it('refuses a taken name with the name in it', async () => {
  const { group } = await makeScanned('10.0.7.1');
  const reply = await server.call('POST', 'groups', bodyOf('10.0.7.2', { name: group.name }));
  expect(reply.statusCode).toBe(409);
  expect(reply.json().message).toContain(group.name);
});

it('and the end of a shard that judges the same hosts do not wait for each other', async () => {
  const { group, edit } = await makeScanned('10.0.8.1 10.0.8.2', { addresses: ['10.0.8.2'] });
  const shard = await test.database.pool.connect();
  await shard.query('begin');
  await shard.query('select from hosts where group_id = $1 for update', [group.id]);
  const edited = edit('10.0.8.1');
  await vi.waitUntil(async () => {
    const { rows } = await test.database.pool.query(
      `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
    );
    return rows.length > 0;
  });
  await shard.query('select from groups where id = $1 for no key update', [group.id]);
  await shard.query('commit');
  shard.release();
  expect((await edited).statusCode).toBe(200);
  expect(await statuses(group.id)).toMatchObject([{ status: 9, now: 9 }]);
});

// Looking for each host in each range would take 20 s here, and 200 s at a million hosts.
it('is quick where many hosts and thousands of ranges are', async () => {
  const { group, edit } = await makeScanned('10.0.9.1');
  const key = [server.site.id, group.id];
  const { pool } = test.database;
  await pool.query(
    `insert into hosts (site_id, group_id, address, status, reason, status_since)
     select $1, $2, '11.0.0.0'::inet + a, 3, 'syn-ack', now() from generate_series(0, 99999) a`,
    key,
  );
  await pool.query(
    `insert into host_intervals (site_id, group_id, address, valid_from, status)
     select site_id, group_id, address, now() - interval '1 hour', 3 from hosts where site_id = $1 and group_id = $2`,
    key,
  );
  await pool.query('analyze hosts; analyze host_intervals');
  const ranges = Array.from({ length: 3_000 }, (_, at) => `11.${at >> 8}.${at & 255}.0-254`);
  const started = performance.now();
  expect((await edit(ranges.join('\n'))).statusCode).toBe(200);
  expect(performance.now() - started).toBeLessThan(10_000);
  const counts = groupView.parse((await server.call('GET', `groups/${group.id}`)).json());
  expect(counts.statusCounts).toMatchObject({ REMOVED: 390, UP: 99_610 });
}, 60_000);
