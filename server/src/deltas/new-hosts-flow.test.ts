import { buildOpen, buildSeen, buildUnanswered } from '@netdelta/core/host/build-observation.ts';
import { hostStatusOf } from '@netdelta/core/host/status.ts';
import type { HostObservation } from '@netdelta/core/snapshot/snapshot.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildGroup, buildSite } from '../db/testing/build-site.ts';
import { createTestDatabase, type TestDatabase } from '../db/testing/test-database.ts';
import { updateHostsToReach } from '../targets/reach-queries.ts';
import { findHosts } from './find-hosts-queries.ts';
import { selectHosts, selectStatuses } from './host-queries.ts';
import { listPastHosts } from './past/list-past-hosts.ts';
import { presentStatuses } from './present-statuses.ts';
import { createScanner, type Scanner } from './testing/create-scanner.ts';
import { selectRowVersions, selectTallies } from './testing/network-queries.ts';

/** Addresses of two shards: the first has 256. */
const [A, B, C] = ['127.1.0.1', '127.1.0.2', '127.1.1.1'];
const FIRST = '127.1.0.0';

let test: TestDatabase;
let scanner: Scanner;
let site: { siteId: string; userId: string };

beforeAll(async () => {
  test = await createTestDatabase();
  scanner = await createScanner(test);
  site = await buildSite(test.database);
});
afterAll(async () => {
  await scanner.close();
  await test.close();
});

async function createGroup(last: string, overrides: Parameters<typeof buildGroup>[2] = {}) {
  const targets = JSON.stringify([{ kind: 'range', text: 'x', first: FIRST, last }]);
  const rules = { down_after: 1, service_down_after: 1 };
  const group = await buildGroup(test.database, site.siteId, { targets, ...rules, ...overrides });
  return { ...site, groupId: group.id };
}

const up = (address: string, overrides: Partial<Pick<HostObservation, 'mac' | 'names'>> = {}) =>
  buildSeen([buildOpen(22)], { address, ...overrides });
const silent = (address: string) =>
  buildUnanswered({ address, covered: { tcp: [[1, 1000]], udp: [] } });
/** Silent, and its ports were not asked. */
const unasked = (address: string) => buildUnanswered({ address });

/** The statuses of a group's hosts, by the last octets of their addresses. */
function readStatuses({ siteId, groupId }: { siteId: string; groupId: string }) {
  return test.database.withSite(siteId, async (tx) => {
    const rows = await selectHosts(tx, await findHosts(tx, { groupId, limit: 100 }));
    return rows.map(({ address, status }) => `${address.slice(6)} ${hostStatusOf(status)}`);
  });
}

describe('hosts that are NEW', () => {
  it('are UP after a second scan of them, of which nothing is written to them', async () => {
    const place = await createGroup('127.1.7.255');
    const hosts = Array.from({ length: 2_048 }, (_, n) => up(`127.1.${n >> 8}.${n & 255}`));
    await scanner.scan(place, hosts);
    expect(new Set((await readStatuses(place)).map((one) => one.split(' ')[1]))).toEqual(
      new Set(['NEW']),
    );
    const before = await selectRowVersions(test.database);
    await scanner.scan(place, hosts);
    expect(await selectRowVersions(test.database)).toEqual(before);
    expect(new Set((await readStatuses(place)).map((one) => one.split(' ')[1]))).toEqual(
      new Set(['UP']),
    );
    expect(await selectTallies(test.database, 'kept')).toEqual([
      { group_id: place.groupId, status: 3, hosts: 2_048, services: 2_048 },
    ]);
  });

  it('stay it where a cancelled scan did not come', async () => {
    const place = await createGroup('127.1.1.9');
    await scanner.scan(place, [up(A), up(B), up(C)]);
    await scanner.scan(place, [up(A), up(B)], { addresses: [C], cancelled: true });
    expect(await readStatuses(place)).toEqual(['0.1 UP', '0.2 UP', '1.1 NEW']);
    await scanner.scan(place, [up(B), up(C)], { addresses: [A] });
    expect(await readStatuses(place)).toEqual(['0.1 UP', '0.2 UP', '1.1 UP']);
  });

  it('stay it when they timed out, are held, and when the whole scan saw nothing', async () => {
    const place = await createGroup('127.1.1.9');
    await scanner.scan(place, [up(A), up(B), up(C)]);
    const all = Array.from({ length: 266 }, (_, n) => `127.1.${n >> 8}.${n & 255}`);
    await scanner.scan(place, [], { addresses: all });
    expect(await readStatuses(place)).toEqual(['0.1 NEW', '0.2 NEW', '1.1 NEW']);
    await scanner.scan(place, [unasked(A), up(C)], { addresses: [B] });
    expect(await readStatuses(place)).toEqual(['0.1 NEW', '0.2 NEW', '1.1 UP']);
    await scanner.scan(place, [up(A), up(B), up(C)]);
    expect(await readStatuses(place)).toEqual(['0.1 UP', '0.2 UP', '1.1 UP']);
  });

  it('are those of the newest scan alone, and go on like others', async () => {
    const place = await createGroup('127.1.1.9');
    const told: string[][] = [];
    const scan = async (...hosts: HostObservation[]) => {
      await scanner.scan(place, hosts);
      told.push(await readStatuses(place));
    };
    await scan(up(A));
    await scan(up(A), up(B));
    await scan(up(A), up(B, { names: ['b.test'] }), up(C));
    await scan(up(A), up(B), silent(C));
    await scan(up(A), up(B), up(C));
    await scan(up(A), up(B), up(C));
    expect(told).toEqual([
      ['0.1 NEW'],
      ['0.1 UP', '0.2 NEW'],
      ['0.1 UP', '0.2 UP', '1.1 NEW'],
      ['0.1 UP', '0.2 UP', '1.1 DOWN'],
      ['0.1 UP', '0.2 UP', '1.1 RETURNED'],
      ['0.1 UP', '0.2 UP', '1.1 UP'],
    ]);
    const { siteId, groupId } = place;
    const history = await test.database.withSite(siteId, async (tx) =>
      presentStatuses(await selectStatuses(tx, groupId, B)),
    );
    const { rows: scans } = await test.database.pool.query(
      'select id, finished_at from scans where group_id = $1 order by created_at',
      [groupId],
    );
    expect(history.map(({ status, scanId }) => ({ status, scanId }))).toEqual([
      { status: 'UP', scanId: scans[2].id },
      { status: 'NEW', scanId: scans[1].id },
    ]);
    for (const [number, { finished_at }] of scans.entries()) {
      const at = finished_at.toISOString();
      const { items } = await test.database.withSite(siteId, (tx) =>
        listPastHosts(tx, { at, groupId }, 10),
      );
      expect(items.map(({ address, status }) => `${address.slice(6)} ${status}`)).toEqual(
        told[number],
      );
    }
  });

  it('that were no targets meanwhile are NEW once more', async () => {
    const place = await createGroup('127.1.1.9');
    await scanner.scan(place, [up(A), up(B)]);
    const edit = (outside: { first: string; last: string }[]) =>
      test.database.withSite(place.siteId, (tx) =>
        updateHostsToReach(tx, place, {
          ...{ inside: [{ first: FIRST, last: A }], outside, excluded: [], names: [] },
          ...(outside.length === 0 && { inside: [{ first: FIRST, last: C }] }),
        }),
      );
    await edit([{ first: B, last: C }]);
    expect(await readStatuses(place)).toEqual(['0.1 NEW', '0.2 REMOVED']);
    await scanner.scan(place, [up(A)], { addresses: [B] });
    await edit([]);
    expect(await readStatuses(place)).toEqual(['0.1 UP', '0.2 ADDED']);
    await scanner.scan(place, [up(A), up(B)]);
    expect(await readStatuses(place)).toEqual(['0.1 UP', '0.2 NEW']);
  });

  it('are UP where they moved to, and who comes to their address is NEW', async () => {
    const place = await createGroup('127.1.1.9', { identity: 'mac' });
    const [one, other] = ['00:00:5E:00:53:01', '00:00:5E:00:53:02'];
    await scanner.scan(place, [up(A, { mac: one }), silent(B), silent(C)]);
    await scanner.scan(place, [up(C, { mac: one }), up(A, { mac: other }), silent(B)]);
    expect((await readStatuses(place)).filter((text) => !text.endsWith('ABSENT'))).toEqual([
      '0.1 NEW',
      '1.1 UP',
    ]);
    await scanner.scan(place, [up(C, { mac: one }), up(A, { mac: other }), silent(B)]);
    expect((await readStatuses(place)).filter((text) => !text.endsWith('ABSENT'))).toEqual([
      '0.1 UP',
      '1.1 UP',
    ]);
  });
});
