import type { ReplayPolicy, ReplayView } from '@netdelta/core/api/replay.ts';
import { buildOpen, buildSeen, buildUnanswered } from '@netdelta/core/host/build-observation.ts';
import type { HostObservation } from '@netdelta/core/snapshot/snapshot.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildGroup } from '../db/testing/build-site.ts';
import { createTestDatabase, type TestDatabase } from '../db/testing/test-database.ts';
import { createTestServer, type TestServer } from '../http/testing/create-test-server.ts';
import { ReplayStoppedError, replayGroup } from './replay-group.ts';
import { replayRoutes } from './replay-routes.ts';
import { createScanner, type Scanner } from './testing/create-scanner.ts';
import { selectEverything } from './testing/queries.ts';

const HERE = '127.0.1.1';
const up = buildSeen([buildOpen(22)], { address: HERE });
const silent = buildUnanswered({ address: HERE, covered: { tcp: [[1, 1000]], udp: [] } });

let test: TestDatabase;
let server: TestServer;
let scanner: Scanner;
/** A group with downAfter 2 that was up for two scans, silent for three, up, and silent for two. */
let groupId: string;

beforeAll(async () => {
  test = await createTestDatabase();
  server = await createTestServer(test.database, [replayRoutes(test)]);
  scanner = await createScanner(test);
  groupId = await scanned([up, up, silent, silent, silent, up, silent, silent]);
});
afterAll(async () => {
  await scanner.close();
  await server.app.close();
  await test.close();
});

async function scanned(history: readonly HostObservation[], targets?: object) {
  const rules = { down_after: 2, service_down_after: 2 };
  const { id } = await buildGroup(test.database, server.site.id, { ...rules, ...targets });
  const place = { siteId: server.site.id, userId: server.user.id, groupId: id };
  for (const seen of history) await scanner.scan(place, [seen]);
  return id;
}

async function replay(policy: object, scans?: number, id = groupId): Promise<ReplayView> {
  const answer = await server.call('POST', `groups/${id}/replay`, { policy, scans });
  expect(answer.statusCode, answer.body).toBe(200);
  return answer.json();
}

const MARKS = new Map([
  ['then', '-'],
  ['now', '+'],
  ['both', '='],
]);

/** By scan: what differs, as `- host.down` (told then alone) or `+ host.down` (by the policy alone). */
function differences({ scans }: ReplayView): Record<number, string[]> {
  return Object.fromEntries(
    scans.flatMap(({ number, deltas }) =>
      deltas.length === 0
        ? []
        : [[number, deltas.map((one) => `${MARKS.get(one.told)} ${one.kind}`)]],
    ),
  );
}

describe('a replay of stored scans', () => {
  it('by the own rules tells what was told, and changes nothing', async () => {
    const before = await selectEverything(test.database);
    const view = await replay({ downAfter: 2, serviceDownAfter: 2 });
    expect(differences(view)).toEqual({
      4: ['= host.down'],
      6: ['= host.returned'],
      8: ['= host.down'],
    });
    expect(view.totals).toEqual({
      ...{ told: 3, wouldTell: 3, less: 0, more: 0, later: 0, earlier: 0 },
      ...{ rerated: 0, unexplained: 0 },
    });
    expect(view.rules).toEqual({ downAfter: 2, serviceDownAfter: 2, historyWindow: 35 });
    expect(view.scans.map(({ learns }) => learns)).toEqual([true, ...Array(7).fill(false)]);
    expect(await selectEverything(test.database)).toEqual(before);
  });

  it('by a slower rule tells later, and not yet what is too short; with the reasons', async () => {
    const view = await replay({ downAfter: 3 });
    expect(differences(view)).toEqual({
      4: ['- host.down'],
      5: ['+ host.down'],
      6: ['= host.returned'],
      8: ['- host.down'],
    });
    expect(view.totals).toMatchObject({ told: 3, wouldTell: 2, less: 1, more: 0, later: 1 });
    const [, , , fourth, fifth, , , eighth] = view.scans;
    expect(fourth?.deltas[0]).toMatchObject({
      subject: { address: HERE },
      sentence: expect.stringMatching(/^127\.0\.1\.1 went down: silent for 2 scans since /),
      why: 'held: silent in 2 scans in a row, the rule says 3',
      shift: 1,
      ratingThen: 'red',
      ratingNow: null,
    });
    expect(fifth?.deltas[0]).toMatchObject({
      why: 'silent in 3 scans in a row, as the rule says',
      shift: 1,
    });
    expect(eighth?.deltas[0]?.shift).toBeNull();
  });

  it('by a faster rule tells earlier', async () => {
    const view = await replay({ downAfter: 1 });
    expect(view.totals).toMatchObject({ told: 3, wouldTell: 3, less: 0, more: 0, earlier: 2 });
    expect(differences(view)[3]).toEqual(['+ host.down']);
  });

  it('with another history window rates otherwise', async () => {
    const view = await replay({ historyWindow: 0 });
    expect(view.totals).toMatchObject({ told: 3, wouldTell: 3, less: 0, rerated: 1 });
    expect(view.scans[7]?.deltas[0]).toMatchObject({
      ...{ told: 'both', kind: 'host.down', ratingThen: 'amber', ratingNow: 'red' },
    });
  });

  it('takes the last scans alone, of which the first only learns', async () => {
    const view = await replay({ downAfter: 2 }, 5);
    expect(view.scans.map(({ number, learns }) => [number, learns])).toEqual([
      [4, true],
      [5, false],
      [6, false],
      [7, false],
      [8, false],
    ]);
    // The host was down before the replay begins, which cannot know that; no rule is to blame.
    expect(view.totals).toMatchObject({ told: 2, wouldTell: 2, less: 0, more: 0, unexplained: 1 });
  });

  it('keeps the rules that a host has of its own', async () => {
    const set = 'update hosts set down_after = $2 where group_id = $1';
    await test.database.pool.query(set, [groupId, 2]);
    const view = await replay({ downAfter: 1 });
    await test.database.pool.query(set, [groupId, null]);
    expect(view.totals).toMatchObject({ wouldTell: 3, earlier: 0 });
  });

  it('judges every shard of a scan', async () => {
    const range = { kind: 'range', text: 'x', first: '127.1.0.0', last: '127.1.4.255' };
    const targets = { targets: JSON.stringify([range]), address_count: 1_280 };
    const last = '127.1.4.200';
    const seen = buildSeen([buildOpen(22)], { address: last });
    const gone = buildUnanswered({ address: last, covered: silent.covered });
    const id = await scanned([seen, gone], targets);
    const view = await replay({ downAfter: 1 }, undefined, id);
    expect(differences(view)).toEqual({ 2: ['+ host.down'] });
  });

  it('of a group that has none stored is empty, and counts those that are not', async () => {
    const id = await scanned([up, up]);
    await test.database.pool.query(
      'update shards set sight = null where scan_id in (select id from scans where group_id = $1)',
      [id],
    );
    expect(await replay({ downAfter: 1 }, undefined, id)).toMatchObject({ scans: [], unstored: 2 });
  });
});

describe('a replay that cannot be', () => {
  it.each<[what: string, body: object, paths: string[]]>([
    ['a wrong rule', { policy: { downAfter: 0 } }, ['policy.downAfter']],
    ['an unknown key', { policy: { downAfter: 1, downafter: 2 } }, ['policy']],
    ['too many scans', { policy: { downAfter: 1 }, scans: 1_001 }, ['scans']],
  ])('because of %s', async (_what, body, paths) => {
    const answer = await server.call('POST', `groups/${groupId}/replay`, body);
    expect(answer.statusCode).toBe(400);
    const { problems } = answer.json<{ problems: { path: string }[] }>();
    expect(problems.map(({ path }) => path)).toEqual(paths);
  });

  it('because the group is none of this site', async () => {
    const path = 'groups/6b0f3c4e-0b50-4d36-9c0f-0f6d5e0a6a11/replay';
    const answer = await server.call('POST', path, { policy: { downAfter: 1 } });
    expect(answer.statusCode).toBe(404);
  });

  it('because it was stopped', async () => {
    const policy: ReplayPolicy = { downAfter: 1 };
    const question = { site: server.site, groupId, policy, scans: 100 };
    const stopped = test.database.withSite(server.site.id, (tx) =>
      replayGroup(tx, question, AbortSignal.abort()),
    );
    await expect(stopped).rejects.toThrow(ReplayStoppedError);
    await expect(stopped).rejects.toThrow('stopped after 0 of 8 scans');
  });

  it('because the site has one running already', async () => {
    const ask = () => server.call('POST', `groups/${groupId}/replay`, { policy: { downAfter: 1 } });
    const answers = await Promise.all([ask(), ask(), ask()]);
    expect(answers.map(({ statusCode }) => statusCode).sort()).toEqual([200, 429, 429]);
    expect((await ask()).statusCode).toBe(200);
  });
});

it('the transaction of a replay can change nothing', async () => {
  const change = test.database.withSite(server.site.id, async (tx) => {
    const question = { site: server.site, groupId, policy: { downAfter: 1 }, scans: 1 };
    await replayGroup(tx, question, new AbortController().signal);
    await tx.deleteFrom('deltas').execute();
  });
  await expect(change).rejects.toThrow('read-only transaction');
});
