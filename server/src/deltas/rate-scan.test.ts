import { buildDeltaOfHost, buildDeltaOfService } from '@netdelta/core/delta/build-delta.ts';
import type { Delta } from '@netdelta/core/delta/delta.ts';
import { DEFAULT_DANGER_PORTS } from '@netdelta/core/evidence/danger-ports.ts';
import { describeRating } from '@netdelta/core/evidence/describe-rating.ts';
import { DEFAULT_HISTORY_WINDOW } from '@netdelta/core/evidence/rating.ts';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { buildGroup, buildSite } from '../db/testing/build-site.ts';
import { createTestDatabase, type TestDatabase } from '../db/testing/test-database.ts';
import { selectScan } from '../scans/scan-queries.ts';
import { insertDeltas } from './delta-queries.ts';
import { rateScan } from './rate-scan.ts';
import { selectSettings, updateSettings } from './settings-queries.ts';

let test: TestDatabase;
let siteId: string;
let groupId: string;
/** Scans are a minute apart. */
let minute = 0;

beforeAll(async () => {
  test = await createTestDatabase();
});
afterAll(() => test.close());
beforeEach(async () => {
  ({ siteId } = await buildSite(test.database));
  groupId = (await buildGroup(test.database, siteId)).id;
});

const opened = (port = 8_080, address = '10.0.0.5'): Delta =>
  buildDeltaOfService('service.opened', {
    subject: { address, protocol: 'tcp', port },
    after: { state: 'open', reason: 'syn-ack' },
  });
const closed = (port = 8_080): Delta =>
  buildDeltaOfService('service.closed', {
    subject: { address: '10.0.0.5', protocol: 'tcp', port },
    after: { state: 'closed', reason: 'reset' },
    evidence: { reason: 'reset' },
  });
const became = (version: string): Delta =>
  buildDeltaOfService('service.changed', {
    subject: { address: '10.0.0.5', protocol: 'tcp', port: 8_080 },
    after: {
      state: 'open',
      reason: 'syn-ack',
      service: { method: 'probed', name: 'http', product: 'nginx', version },
    },
  });

/** A scan of the group that told these deltas and has ended; answers its id. */
async function tell(deltas: readonly Delta[], status = 'finished'): Promise<string> {
  minute += 1;
  const at = new Date(Date.UTC(2026, 0, 1) + minute * 60_000).toISOString();
  const { rows } = await test.database.pool.query(
    `insert into scans (site_id, group_id, status, trigger, profile_name, options, down_after, created_at, delta_count)
     values ($1, $2, $3, 'person', 'p', '{}', 1, $4, $5) returning id`,
    [siteId, groupId, status, at, deltas.length],
  );
  const scanId: string = rows[0].id;
  const place = { siteId, groupId, scanId, at };
  await test.database.withSite(siteId, (tx) => insertDeltas(tx, place, deltas));
  return scanId;
}

async function tellNothing(scans: number, status?: string): Promise<void> {
  for (let scan = 0; scan < scans; scan += 1) await tell([], status);
}

/** Tells these deltas in a scan that ends now; answers their ratings, in their order, with the reasons. */
async function rate(...deltas: readonly Delta[]): Promise<string[]> {
  const scanId = await tell(deltas);
  return test.database.withSite(siteId, async (tx) => {
    const scan = await selectScan(tx, scanId);
    if (scan) await rateScan(tx, scan);
    const rows = await tx
      .selectFrom('deltas')
      .select(['rating', 'rated'])
      .where('scan_id', '=', scanId)
      .orderBy('id')
      .execute();
    return rows.map(({ rating, rated }) => {
      expect(rated?.rating).toBe(rating);
      return rated ? describeRating(rated) : 'none';
    });
  });
}

describe('the known points of the original, window 35', () => {
  it.each<[ago: number, rating: string]>([
    [2, 'green: last seen 2 scans ago, once in the last 35 scans; confirmed'],
    [5, 'amber: last seen 5 scans ago, once in the last 35 scans; confirmed'],
    [6, 'amber: last seen 6 scans ago, once in the last 35 scans; confirmed'],
    [18, 'amber: last seen 18 scans ago, once in the last 35 scans; confirmed'],
    [35, 'amber: last seen 35 scans ago, once in the last 35 scans; confirmed'],
    [36, 'red: never seen in the last 35 scans; confirmed'],
    [48, 'red: never seen in the last 35 scans; confirmed'],
  ])('last seen %d scans ago', async (ago, rating) => {
    await tellNothing(40);
    await tell([opened()]);
    await tellNothing(ago - 1);
    expect(await rate(opened())).toEqual([rating]);
  });

  it('never seen', async () => {
    await tellNothing(40);
    expect(await rate(opened())).toEqual(['red: never seen in the last 35 scans; confirmed']);
  });

  it('6 scans ago, on three hosts in the same scan', async () => {
    const three = [5, 6, 7].map((host) => opened(8_080, `10.0.0.${host}`));
    await tell(three);
    await tellNothing(5);
    const rating = 'green: last seen 6 scans ago, and on 3 targets in this scan; confirmed';
    expect(await rate(...three, opened(9_090))).toEqual([
      rating,
      rating,
      rating,
      'red: never seen in the last 6 scans; confirmed',
    ]);
  });
});

describe('the same delta is', () => {
  it.each<[what: string, before: Delta, now: Delta, rating: string]>([
    ['no other port', opened(8_081), opened(), 'red'],
    ['no other host', opened(8_080, '10.0.0.6'), opened(), 'red'],
    ['no other direction', closed(), opened(), 'red'],
    ['the same change to the same', became('1.2'), became('1.2'), 'green'],
    ['no change to something else', became('1.2'), became('1.3'), 'red'],
    [
      'a host that went down again',
      buildDeltaOfHost('host.down'),
      buildDeltaOfHost('host.down'),
      'green',
    ],
    [
      'no host that came back',
      buildDeltaOfHost('host.down'),
      buildDeltaOfHost('host.returned'),
      'red',
    ],
  ])('%s', async (_what, before, now, rating) => {
    await tell([before]);
    expect((await rate(now))[0]).toMatch(new RegExp(`^${rating}: `));
  });

  it('none of another group', async () => {
    await tell([opened()]);
    groupId = (await buildGroup(test.database, siteId)).id;
    expect((await rate(opened()))[0]).toBe('red: no scan before; confirmed');
  });
});

describe('the history counts', () => {
  it('only scans that saved something', async () => {
    await tell([opened()], 'cancelled');
    await tellNothing(4, 'failed');
    await tellNothing(4, 'cancelled');
    await tellNothing(1, 'partial');
    expect((await rate(opened()))[0]).toMatch(/^green: last seen 2 scans ago, once in the last 2 /);
  });

  it('how often: three times are noise', async () => {
    for (let times = 0; times < 3; times += 1) {
      await tell([opened()]);
      await tellNothing(5);
    }
    expect((await rate(opened()))[0]).toMatch(/^green: last seen 6 scans ago, and 3 times in /);
  });
});

describe('the settings of the site', () => {
  it('begin with the standard of core', async () => {
    const settings = await test.database.withSite(siteId, (tx) => selectSettings(tx, siteId));
    expect(settings).toEqual({
      historyWindow: DEFAULT_HISTORY_WINDOW,
      dangerPorts: DEFAULT_DANGER_PORTS,
    });
  });

  it('are what counts, and leave earlier ratings as they are', async () => {
    await tell([]);
    expect((await rate(opened()))[0]).toMatch(/^red: never/);
    await tellNothing(2);
    const settings = { historyWindow: 5, dangerPorts: '8080' };
    await test.database.withSite(siteId, (tx) => updateSettings(tx, siteId, settings));
    expect(await rate(opened())).toEqual([
      'red: last seen 3 scans ago, once in the last 4 scans; confirmed; danger port 8080, so one step up',
    ]);
    const off = { historyWindow: 2, dangerPorts: '' };
    await test.database.withSite(siteId, (tx) => updateSettings(tx, siteId, off));
    expect(await rate(opened())).toEqual(['red: the history is off; confirmed']);
    const { rows } = await test.database.pool.query(
      `select rated->'history'->'window' as "window" from deltas where group_id = $1 order by id`,
      [groupId],
    );
    expect(rows.map((row) => row.window)).toEqual([35, 5, 2]);
  });
});
