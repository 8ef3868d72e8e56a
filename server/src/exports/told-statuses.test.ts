import type { HostBelief } from '@netdelta/core/host/belief.ts';
import { hostStatusCode, hostStatusOf } from '@netdelta/core/host/status.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildGroup } from '../db/testing/build-site.ts';
import { findHosts } from '../deltas/find-hosts-queries.ts';
import { selectFigures, selectHosts, selectStatuses } from '../deltas/host-queries.ts';
import { listPastHosts } from '../deltas/past/list-past-hosts.ts';
import { presentStatuses } from '../deltas/present-statuses.ts';
import { instantOf, listStatuses, saveHistory } from '../deltas/testing/random-history.ts';
import { restoreExport } from './restore.ts';
import { createExportSuite, type ExportSuite } from './testing/create-export-suite.ts';
import { parseLines, readExport } from './testing/read-export.ts';
import { readFile } from './testing/read-file.ts';

const SCANS = 5;

let test: ExportSuite;
let groupId: string;
let past: readonly ReadonlyMap<string, HostBelief>[];
/** The statuses of each host, newest first, with since when: what core believed. */
let believed: Record<string, { status: string | undefined; from: string }[]>;
let text: string;

beforeAll(async () => {
  test = await createExportSuite();
  const { database, site } = test;
  groupId = (await buildGroup(database, site.id)).id;
  const wish = { siteId: site.id, groupId, seed: 3, hosts: 25, scans: SCANS, covered: 0.5 };
  past = await saveHistory(database, wish);
  const addresses = [...(past.at(-1)?.keys() ?? [])];
  believed = Object.fromEntries(
    addresses.map((address) => [address, listStatuses(past, address)] as const),
  );
  text = await readExport(database, site);
});
afterAll(() => test.close());

/** The hosts that were NEW after a scan. */
function listNew(scan: number): ReadonlySet<string> {
  const hosts = [...(past[scan]?.values() ?? [])];
  return new Set(hosts.filter(({ status }) => status === 'NEW').map(({ address }) => address));
}

describe('hosts that became UP without being written', () => {
  it('are written to files as they are told, with all that they were', async () => {
    const lines = parseLines(text);
    const told = Object.fromEntries(
      lines.flatMap(({ type, address, status, statusSince }) =>
        type === 'host' ? [[address, { status, from: new Date(statusSince).toISOString() }]] : [],
      ),
    );
    expect(JSON.stringify(told)).toMatch(/"NEW".*"UP"|"UP".*"NEW"/);
    expect(told).toEqual(
      Object.fromEntries(Object.entries(believed).map(([address, [now]]) => [address, now])),
    );
    for (const [address, statuses] of Object.entries(believed)) {
      const own = lines.filter((line) => line.type === 'hostInterval' && line.address === address);
      const turns = own.filter(({ status }, at) => status !== own[at - 1]?.status);
      expect(
        turns.map(({ status, from }) => ({ status, from: new Date(from).toISOString() })).reverse(),
      ).toEqual(statuses);
    }
  });

  it('are so in CSV, too, whatever is asked for', async () => {
    for (const status of ['NEW', 'UP'] as const) {
      const file = await readFile(test.database, test.site, {
        ...{ format: 'csv', what: 'hosts', filter: { status } },
      });
      const rows = file.trimEnd().split('\r\n').slice(1);
      expect(
        rows
          .map((row) => row.split(','))
          .map(([, , address, told, since]) => [address, told, since]),
      ).toEqual(
        Object.entries(believed)
          .filter(([, [now]]) => now?.status === status)
          .map(([address, [now]]) => [address, status, now?.from])
          .sort(([a], [b]) => (a ?? '').localeCompare(b ?? '', 'en', { numeric: true })),
      );
    }
  });

  it('are the same in a site that is restored, at any instant', async () => {
    const { database } = test;
    const { signal } = new AbortController();
    async function* read() {
      yield Buffer.from(text);
    }
    const wish = { slug: 'told', owner: test.user.email, by: 'root', signal };
    expect(await restoreExport(database, wish, read())).toMatchObject({ ok: true });
    const { rows } = await database.pool.query("select id from sites where slug = 'told'");
    await database.withSite(rows[0].id, async (tx) => {
      for (const { address, ...host } of await selectHosts(
        tx,
        await findHosts(tx, { limit: 50 }),
      )) {
        const now = { status: hostStatusOf(host.status), from: host.status_since.toISOString() };
        expect(now).toEqual(believed[address]?.[0]);
        const statuses = presentStatuses(await selectStatuses(tx, groupId, address));
        expect(statuses.map(({ status, from }) => ({ status, from }))).toEqual(believed[address]);
      }
      const { statuses } = await selectFigures(tx);
      const ofNew = statuses.find(({ status }) => status === hostStatusCode('NEW'));
      expect(ofNew?.hosts).toBe(listNew(SCANS).size);
      const young = await findHosts(tx, { status: hostStatusCode('NEW'), limit: 50 });
      expect(new Set(young.map(({ address }) => address))).toEqual(listNew(SCANS));
      for (let scan = 0; scan <= SCANS; scan += 1) {
        const filter = { at: instantOf(scan), groupId, status: 'NEW' } as const;
        const { items } = await listPastHosts(tx, filter, 50);
        expect(new Set(items.map(({ address }) => address))).toEqual(listNew(scan));
      }
    });
  });
});
