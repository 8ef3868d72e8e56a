import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../db/testing/test-database.ts';
import { createTestServer, type TestServer } from '../http/testing/create-test-server.ts';
import { groupRoutes } from './group-routes.ts';
import { profileRoutes } from './profile-routes.ts';
import { scheduleRoutes } from './schedule-routes.ts';

/** Small groups go at once. */
const NO_QUEUE = { enqueue: async () => undefined };

let test: TestDatabase;
let server: TestServer;
let profileId: string;

beforeAll(async () => {
  test = await createTestDatabase();
  server = await createTestServer(
    test.database,
    [groupRoutes({ ...test, queue: NO_QUEUE }), profileRoutes(test), scheduleRoutes(test)],
    { targetLimit: 1000 },
  );
  profileId = (await server.call('GET', 'profiles')).json().items[0].id;
});
afterAll(async () => {
  await server.app.close();
  await test.close();
});

let count = 0;
const buildGroupRequest = (overrides: object = {}) => {
  count += 1;
  return { name: `Group ${count}`, targets: '127.0.1.1-20', profileId, ...overrides };
};
const createGroup = async (overrides: object = {}) =>
  (await server.call('POST', 'groups', buildGroupRequest(overrides))).json();

describe('groups', () => {
  it('are stored as typed, and shown with what they make', async () => {
    const targets = '# the lab\n127.0.1.1-20, 127.0.1.10 # twice\n2001:db8::/126 db.example.test';
    const group = await createGroup({ targets, exclusions: '127.0.1.5', downAfter: 2 });
    expect(group).toMatchObject({
      targets,
      downAfter: 2,
      addressCount: 23,
      nameCount: 1,
      lastScan: null,
    });
    expect(group.statusCounts).toMatchObject({ ADDED: 24, UP: 0 });
    expect((await server.call('GET', `groups/${group.id}`)).json()).toEqual(group);
    expect(group.identity).toBe('address');
    expect(await createGroup({ identity: 'mac' })).toMatchObject({ identity: 'mac' });
  });

  it.each<[string, object, { path: string; line?: number }[]]>([
    [
      'all bad lines',
      { targets: '10.0.0.300\nok.test\n-oN' },
      [
        { path: 'targets', line: 1 },
        { path: 'targets', line: 3 },
      ],
    ],
    ['too many addresses', { targets: '127.0.0.0/16' }, [{ path: 'targets' }]],
    ['nothing left', { exclusions: '127.0.1.0/24' }, [{ path: 'exclusions' }]],
    [
      'an unknown profile and a bad line',
      { targets: '1.2.3', profileId: crypto.randomUUID() },
      [{ path: 'targets' }, { path: 'profileId' }],
    ],
    ['a wrong address of a recipient', { recipients: ['nobody'] }, [{ path: 'recipients.0' }]],
  ])('are refused with all problems: %s', async (_what, overrides, problems) => {
    const before = (await server.call('GET', 'groups?limit=500')).json().items.length;
    const answer = await server.call('POST', 'groups', buildGroupRequest(overrides));
    expect(answer.statusCode).toBe(400);
    expect(answer.json().problems).toMatchObject(problems);
    expect((await server.call('GET', 'groups?limit=500')).json().items).toHaveLength(before);
  });

  it('have names of their own', async () => {
    const { name } = await createGroup();
    const answer = await server.call(
      'POST',
      'groups',
      buildGroupRequest({ name: name.toUpperCase() }),
    );
    expect(answer.statusCode).toBe(409);
  });

  it('are listed page by page, each once', async () => {
    for (const name of ['page b', 'Page A', 'page c']) await createGroup({ name });
    const names: string[] = [];
    let after = '';
    for (let page = 0; page < 50; page += 1) {
      const answer = (await server.call('GET', `groups?limit=2${after}`)).json();
      names.push(...answer.items.map(({ name }: { name: string }) => name));
      if (answer.next === null) break;
      after = `&after=${encodeURIComponent(answer.next)}`;
    }
    const { items } = (await server.call('GET', 'groups?limit=500')).json();
    expect(names).toEqual(items.map(({ name }: { name: string }) => name));
    expect(names.indexOf('Page A')).toBe(names.indexOf('page b') - 1);
  });

  it('say what typed targets make before anything is stored', async () => {
    const answer = await server.call('POST', 'groups/check-targets', {
      targets: '127.0.1.0/30\nx y_',
    });
    expect(answer.json()).toMatchObject({
      addressCount: 4,
      nameCount: 1,
      limit: 1000,
      normalised: ['127.0.1.0/30', 'x'],
      problems: [{ field: 'targets', line: 2, text: 'y_' }],
    });
  });

  it('tell which targets came and went, and take their hosts along', async () => {
    const group = await createGroup({ targets: '127.0.1.1-2 127.0.2.1' });
    const site_id = server.site.id;
    const { pool } = test.database;
    for (const address of ['127.0.1.1', '127.0.1.2', '127.0.2.1']) {
      await pool.query(
        `insert into hosts (site_id, group_id, address, status, reason, status_since) values ($1, $2, $3, 3, 'r', now() - interval '1 day')`,
        [site_id, group.id, address],
      );
      await pool.query(
        `insert into host_intervals (site_id, group_id, address, valid_from, status) values ($1, $2, $3, now() - interval '1 day', 3)`,
        [site_id, group.id, address],
      );
    }
    await pool.query(
      `insert into scans (site_id, group_id, status, trigger, profile_name, options, down_after) values ($1, $2, 'finished', 'person', 'p', '{}', 1)`,
      [site_id, group.id],
    );
    const statuses = async () =>
      (
        await pool.query(
          `select host(h.address) as address, h.status, i.status as interval, (select count(*)::int from host_intervals a
           where a.group_id = h.group_id and a.address = h.address) as intervals
           from hosts h join host_intervals i on i.group_id = h.group_id and i.address = h.address and i.valid_to is null
           where h.group_id = $1 order by h.address`,
          [group.id],
        )
      ).rows.map(({ address, status, interval, intervals }) => [
        address,
        status,
        interval,
        intervals,
      ]);
    const edit = (targets: string) =>
      server.call('PUT', `groups/${group.id}`, buildGroupRequest({ name: group.name, targets }));

    expect((await edit('127.0.1.1-2 127.0.3.0/30')).statusCode).toBe(200);
    expect(await statuses()).toEqual([
      ['127.0.1.1', 3, 3, 1],
      ['127.0.1.2', 3, 3, 1],
      ['127.0.2.1', 9, 9, 2],
    ]);
    await edit('127.0.1.1-2 127.0.2.1');
    expect((await statuses())[2]).toEqual(['127.0.2.1', 0, 0, 3]);
    const { rows } = await pool.query(
      'select kind, target, before, after from deltas where group_id = $1 order by id',
      [group.id],
    );
    expect(rows).toEqual([
      { kind: 'target.added', target: '127.0.3.0/30', before: null, after: { addresses: 4 } },
      { kind: 'target.removed', target: '127.0.2.1', before: { addresses: 1 }, after: null },
      { kind: 'target.added', target: '127.0.2.1', before: null, after: { addresses: 1 } },
      { kind: 'target.removed', target: '127.0.3.0/30', before: { addresses: 4 }, after: null },
    ]);
  });

  it('are not deleted while a scan runs', async () => {
    const group = await createGroup();
    await test.database.pool.query(
      `insert into scans (site_id, group_id, status, trigger, profile_name, options, down_after) values ($1, $2, 'running', 'person', 'p', '{}', 1)`,
      [server.site.id, group.id],
    );
    expect((await server.call('DELETE', `groups/${group.id}`)).statusCode).toBe(409);
    await test.database.pool.query(`update scans set status = 'finished' where group_id = $1`, [
      group.id,
    ]);
    expect((await server.call('DELETE', `groups/${group.id}`)).statusCode).toBe(204);
    expect((await server.call('GET', `groups/${group.id}`)).statusCode).toBe(404);
  });
});

describe('profiles', () => {
  const options = { tcp: { kind: 'list', ports: '22,80' } };

  it('can be made, used, changed and deleted; the built-in ones cannot', async () => {
    const made = (await server.call('POST', 'profiles', { name: 'Mine', options })).json();
    expect(made).toMatchObject({ builtIn: false, groupCount: 0, options: { timing: 4 } });
    const group = await createGroup({ profileId: made.id });
    const refused = await server.call('DELETE', `profiles/${made.id}`);
    expect(refused.statusCode).toBe(409);
    expect(refused.json().message).toContain(group.name);
    await server.call('DELETE', `groups/${group.id}`);
    expect((await server.call('DELETE', `profiles/${made.id}`)).statusCode).toBe(204);
    expect((await server.call('DELETE', `profiles/${profileId}`)).statusCode).toBe(409);
    expect(
      (await server.call('PUT', `profiles/${profileId}`, { name: 'x', options })).statusCode,
    ).toBe(409);
  });

  it('list all that is wrong with them', async () => {
    const bad = { timing: 9, scripts: ['--privileged'], tcp: { kind: 'list', ports: '22,99999' } };
    const answer = await server.call('POST', 'profiles', { name: ' ', options: bad });
    expect(answer.statusCode).toBe(400);
    const paths = answer.json().problems.map(({ path }: { path: string }) => path);
    expect(paths.sort()).toEqual([
      'name',
      'options.scripts.0',
      'options.tcp.ports',
      'options.timing',
    ]);
  });
});

describe('schedules', () => {
  const nightly = { kind: 'cron', cron: '0 2 * * *', timeZone: 'Europe/Paris' };

  it('show their next five runs, and follow an edit', async () => {
    const { id: groupId } = await createGroup();
    const made = (await server.call('POST', 'schedules', { groupId, timing: nightly })).json();
    expect(made).toMatchObject({ timing: nightly, missed: 'run', overlap: 'skip', enabled: true });
    expect(made.nextRuns).toHaveLength(5);
    const { nextRuns } = (
      await server.call('POST', 'schedules/preview', { timing: nightly })
    ).json();
    expect(nextRuns).toEqual(made.nextRuns);
    expect((await server.call('GET', `groups/${groupId}`)).json().nextRunAt).toBe(nextRuns[0]);
    await server.call('PUT', `schedules/${made.id}`, { groupId, timing: nightly, enabled: false });
    expect((await server.call('GET', `groups/${groupId}`)).json().nextRunAt).toBeNull();
    expect((await server.call('DELETE', `schedules/${made.id}`)).statusCode).toBe(204);
    expect((await server.call('GET', `schedules?groupId=${groupId}`)).json().items).toEqual([]);
  });

  it.each([
    ['never fires', { ...nightly, cron: '0 0 30 2 *' }],
    ['is no cron expression', { ...nightly, cron: 'nightly' }],
    ['is in no time zone', { ...nightly, timeZone: 'Europe/Nowhere' }],
    ['is over', { kind: 'once', at: '2020-01-01T00:00:00Z' }],
  ])('one that %s is refused', async (_what, timing) => {
    const { id: groupId } = await createGroup();
    const answer = await server.call('POST', 'schedules', { groupId, timing });
    expect(answer.statusCode).toBe(400);
    expect(answer.json().problems[0]).toMatchObject({
      path: 'timing',
      message: expect.stringMatching(/\w/),
    });
  });
});
