import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Insertable } from 'kysely';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createLive } from '../db/live.ts';
import type { GroupsTable } from '../db/tables.ts';
import { buildGroup, buildProfile, buildSite } from '../db/testing/build-site.ts';
import {
  createTestDatabase,
  createTestQueue,
  type TestDatabase,
} from '../db/testing/test-database.ts';
import { closeScan } from '../deltas/close-scan.ts';
import { judge } from '../deltas/judge.ts';
import { selectEverything, selectScanStatus } from '../deltas/testing/queries.ts';
import { createEngines } from '../engines/create-engines.ts';
import { requestScan } from '../scans/scan-lifecycle.ts';
import { startScanWorkers } from '../scans/workers.ts';
import { type FileOutcome, importFiles, tryImport } from './import-files.ts';
import { inspectFile } from './inspect-file.ts';
import { orderFiles } from './order-files.ts';
import { buildScanXml } from './testing/build-scan-xml.ts';
import {
  selectIntervals,
  selectRowsWritten,
  selectScans,
  selectStatuses,
  selectTold,
} from './testing/queries.ts';

let test: TestDatabase;
let site: { siteId: string; userId: string };
let folder: string;

beforeAll(async () => {
  test = await createTestDatabase();
  site = await buildSite(test.database);
  folder = await mkdtemp(path.join(tmpdir(), 'netdelta-import-'));
});
afterAll(async () => {
  await test.close();
  await rm(folder, { recursive: true, force: true });
});

const range = (first: string, last: string) => ({ kind: 'range', text: '', first, last });
const NET = JSON.stringify([range('10.0.0.0', '10.0.255.255')]);
const signal = new AbortController().signal;
const onProgress = () => undefined;

async function newGroup(columns: Partial<Insertable<GroupsTable>> = {}): Promise<string> {
  const rules = { down_after: 0, service_down_after: 0, targets: NET };
  return (await buildGroup(test.database, site.siteId, { ...rules, ...columns })).id;
}

async function put(name: string, text: string | Uint8Array) {
  const file = { name, path: path.join(folder, name) };
  await writeFile(file.path, text);
  const inspection = await inspectFile(file);
  if (!inspection.ok) throw new Error(inspection.problem);
  return inspection.file;
}

type Put = Awaited<ReturnType<typeof put>>;

async function runImport(groupId: string, files: readonly Put[]) {
  const place = { siteId: site.siteId, groupId, startedBy: null };
  const { dated } = orderFiles(files, null);
  const outcomes: FileOutcome[] = [];
  for await (const outcome of importFiles(test.database, {
    ...{ place, files: dated, signal, onProgress },
  }))
    outcomes.push(outcome);
  return outcomes;
}

const day = (number: number) => `2025-03-0${number}T02:00:00.000Z`;
const HERE = '10.0.0.1';
const up = (...ports: number[]) => ({
  address: HERE,
  open: Object.fromEntries(ports.map((port) => [port, ''])),
});
const night = (number: number, ...hosts: Parameters<typeof buildScanXml>[0]['hosts']) =>
  put(`night-${number}.xml`, buildScanXml({ at: day(number), hosts }));

describe('imported scans', () => {
  it('become history in the order of their own times', async () => {
    const groupId = await newGroup();
    const first = await night(1, up(22, 80));
    const second = await night(2, { ...up(22), closed: [80] });
    const third = await night(3, up(22, 443));
    const outcomes = await runImport(groupId, [third, first, second]);
    expect(outcomes.map(({ outcome, file }) => `${outcome} ${file.name}`)).toEqual([
      'imported night-1.xml',
      'imported night-2.xml',
      'imported night-3.xml',
    ]);
    const told = await selectTold(test.database, groupId);
    expect(told.map(({ text, at, rating }) => `${at.toISOString()} ${rating} ${text}`)).toEqual([
      `${day(2)} red service.closed ${HERE} tcp/80`,
      `${day(3)} red service.opened ${HERE} tcp/443`,
    ]);
    expect(await selectIntervals(test.database, groupId)).toEqual([
      `${HERE} 22 ${day(1)}–now`,
      `${HERE} 80 ${day(1)}–${day(2)}`,
      `${HERE} 443 ${day(3)}–now`,
    ]);
    const scans = await selectScans(test.database, groupId);
    expect(scans).toMatchObject([
      { first: true, number: 1, previous_scan_id: null, file_name: 'night-1.xml' },
      { first: false, number: 2, previous_scan_id: scans[0]?.id, delta_count: 1 },
      {
        ...{ number: 3, previous_scan_id: scans[1]?.id, status: 'finished', trigger: 'import' },
        ...{ hosts_up: 1, services_open: 2, shard_count: 1, shards_done: 1, engine: 'nmap' },
        created_at: new Date(day(3)),
        started_at: new Date('2025-03-03T01:59:00.000Z'),
        finished_at: new Date(day(3)),
      },
    ]);
  });

  it('change nothing a second time, whatever their name, and store nothing in a dry run', async () => {
    const groupId = await newGroup();
    const files = [await night(1, up(22)), await night(2, up(22, 80))];
    const { dated } = orderFiles(files, null);
    const openGroup = async () => groupId;
    const empty = await selectEverything(test.database);
    const tried = await tryImport(test.database, site.siteId, {
      ...{ files: dated, signal, onProgress, openGroup },
    });
    expect(tried).toMatchObject([{ scan: { deltas: 0 } }, { scan: { deltas: 1 } }]);
    expect(await selectEverything(test.database)).toEqual(empty);
    await runImport(groupId, files);
    const before = await selectEverything(test.database);
    const again = await runImport(groupId, [
      { ...(await night(2, up(22, 80))), name: 'copy.xml' },
      await night(1, up(22)),
    ]);
    expect(again).toMatchObject([
      { outcome: 'known', message: expect.stringContaining('as night-1.xml') },
      {
        outcome: 'known',
        message: 'copy.xml: this group has it already, as night-2.xml. Nothing changed.',
      },
    ]);
    expect(await selectEverything(test.database)).toEqual(before);
  });

  it('leave nothing of a file that breaks in the middle, and go on; one cut off counts as far as it is whole', async () => {
    const groupId = await newGroup();
    const hosts = Array.from({ length: 600 }, (_, at) => ({
      address: `10.0.${at >> 8}.${at & 255}`,
      open: { 22: '' },
    }));
    const whole = buildScanXml({ at: day(2), hosts });
    // Too far behind for a glance at its beginning.
    const broken = whole.replace('10.0.2.80"', `10.0.2.80"/><!--${' '.repeat(400_000)}--> <<`);
    const cut = buildScanXml({ at: day(3), hosts }).split('addr="10.0.1.4"')[0] ?? '';
    const outcomes = await runImport(groupId, [
      await night(1, up(22)),
      await put('broken.xml', broken),
      await put('cut.xml', cut),
    ]);
    expect(outcomes).toMatchObject([
      { outcome: 'imported' },
      { outcome: 'bad', message: expect.stringMatching(/^broken\.xml, line \d+, column \d+: /) },
      { outcome: 'imported', file: { name: 'cut.xml' }, scan: { hostsUp: 260 } },
    ]);
    const scans = await selectScans(test.database, groupId);
    expect(scans.map(({ status }) => status)).toEqual(['finished', 'partial']);
    expect(scans[1]?.problems).toMatchObject([{ message: expect.stringMatching(/ends before/) }]);
  });

  it('may be packed, and of masscan, which tells nothing of silence', async () => {
    const groupId = await newGroup({ down_after: 1 });
    const xml = buildScanXml({ at: day(1), hosts: [up(22), { address: '10.0.0.2' }] });
    const packed = await put('night-1.xml.gz', gzipSync(xml));
    const list = `#masscan\nopen tcp 80 ${HERE} ${Date.parse(day(2)) / 1000}\n# end\n`;
    const masscan = await put('night-2.txt', list);
    expect(await runImport(groupId, [masscan, packed])).toMatchObject([
      { outcome: 'imported', scan: { hostsUp: 2, at: day(1) } },
      { outcome: 'imported', scan: { hostsUp: 1, at: day(2), deltas: 1 } },
    ]);
    expect(await runImport(groupId, [await put('plain.xml', xml)])).toMatchObject([
      { outcome: 'known' },
    ]);
    expect((await selectStatuses(test.database, groupId))['10.0.0.2']).toBe(2);
  });

  it('take the last word of a file that lists a port twice', async () => {
    const groupId = await newGroup();
    const xml = buildScanXml({ at: day(1), hosts: [{ ...up(22, 80), closed: [80, 443] }] });
    const twice = xml.replace(/<port .*portid="22".*?<\/port>/, (port) => port + port);
    const [outcome] = await runImport(groupId, [await put('twice.xml', twice)]);
    expect(outcome).toMatchObject({ outcome: 'imported', scan: { servicesOpen: 1 } });
    expect(await selectIntervals(test.database, groupId)).toEqual([`${HERE} 22 ${day(1)}–now`]);
  });

  it('are refused when they are older than what the group knows', async () => {
    const groupId = await newGroup();
    await runImport(groupId, [await night(2, up(22))]);
    const [outcome] = await runImport(groupId, [await night(1, up(22))]);
    expect(outcome).toMatchObject({
      outcome: 'refused',
      message: expect.stringMatching(/newest scan .* Import all files together into a new group/),
    });
    const future = await put('f.xml', buildScanXml({ at: '2222-01-01T00:00:00Z', hosts: [up(1)] }));
    expect(await runImport(groupId, [future])).toMatchObject([
      { outcome: 'refused', message: expect.stringContaining('yet to come') },
    ]);
  });

  it('of one second follow one another', async () => {
    const groupId = await newGroup();
    const one = await put('a.xml', buildScanXml({ at: day(1), hosts: [up(22)] }));
    const other = await put('b.xml', buildScanXml({ at: day(1), hosts: [up(22, 80)] }));
    expect(await runImport(groupId, [one, other])).toMatchObject([
      { scan: { at: day(1) } },
      { scan: { at: '2025-03-01T02:00:00.001Z', deltas: 1 } },
    ]);
  });

  it('hold a host that is not listed for silent, by the rule: the third silence in a row is believed', async () => {
    const groupId = await newGroup();
    const other = { address: '10.0.0.2' };
    const files = [await night(1, up(22), other)];
    for (const number of [2, 3, 4]) files.push(await night(number, other));
    const outcomes = await runImport(groupId, files);
    const deltas = outcomes.map((one) => (one.outcome === 'imported' ? one.scan.deltas : null));
    expect(deltas).toEqual([0, 0, 0, 1]);
    expect(await selectStatuses(test.database, groupId)).toEqual({ [HERE]: 6, '10.0.0.2': 3 });
  });

  it.each<[why: string, args: string]>([
    ['did not ask for it', 'nmap -sS 10.0.0.2'],
    ['hides hosts', 'nmap -sS --open 10.0.0.0/24'],
  ])('conclude nothing of a host when the command %s', async (_why, args) => {
    const groupId = await newGroup({ down_after: 1 });
    const hosts = [{ address: '10.0.0.2' }];
    const second = await put('second.xml', buildScanXml({ at: day(2), args, hosts }));
    await runImport(groupId, [await night(1, up(22), ...hosts), second]);
    expect((await selectStatuses(test.database, groupId))[HERE]).toBe(2);
  });

  it('leave out hosts that are no targets, and say how many', async () => {
    const groupId = await newGroup();
    const strangers = [{ address: '10.9.0.1' }, { address: '2001:db8::1' }];
    const [mixed] = await runImport(groupId, [await night(1, up(22), ...strangers)]);
    expect(mixed).toMatchObject({
      scan: { problems: ['2 hosts of the file: No target of this group, so left out.'] },
    });
    const [alien] = await runImport(await newGroup(), [await night(2, ...strangers)]);
    expect(alien).toMatchObject({
      outcome: 'bad',
      message: expect.stringMatching(/none of its 2/),
    });
    expect(Object.keys(await selectStatuses(test.database, groupId))).toEqual([HERE]);
  });

  it('know hosts by their MAC addresses where the group does', async () => {
    const groupId = await newGroup({ identity: 'mac' });
    const mac = '00:00:5E:00:53:01';
    const first = await night(1, { ...up(22), mac });
    const second = await night(2, { ...up(22), address: '10.0.0.9', mac });
    await runImport(groupId, [first, second]);
    const told = await selectTold(test.database, groupId);
    expect(told.map(({ text, at }) => [text, at.toISOString()])).toEqual([
      ['host.moved 10.0.0.9', day(2)],
    ]);
  });

  it('write a row a shard when nothing changed, and few more', async () => {
    const groupId = await newGroup();
    // More than are saved by the same statements.
    const shards = 6;
    const hosts = Array.from({ length: shards * 256 }, (_, at) => ({
      address: `10.0.${at >> 8}.${at & 255}`,
      open: { 22: 'OpenSSH', 80: 'nginx' },
    }));
    const files = await Promise.all([1, 2, 3].map((number) => night(number, ...hosts)));
    await runImport(groupId, files.slice(0, 1));
    const isNow = async (status: number) =>
      expect(new Set(Object.values(await selectStatuses(test.database, groupId)))).toEqual(
        new Set([status]),
      );
    await isNow(2);
    // Of the second one, too, by which every host becomes UP.
    for (const file of files.slice(1)) {
      const before = await selectRowsWritten(test.database);
      const [last] = await runImport(groupId, [file]);
      const written = (await selectRowsWritten(test.database)) - before;
      expect(last).toMatchObject({ scan: { addresses: hosts.length, hostsUp: hosts.length } });
      expect(written).toBeGreaterThanOrEqual(shards);
      expect(written).toBeLessThan(shards + 14);
      await isNow(3);
    }
  });
});

describe('a group that is scanned afterwards', () => {
  const log = pino({ level: 'silent' });
  const LIVE = '127.0.58.1';
  let listeners: Server[];

  it('compares with what was imported, and asks again what contradicts it', async () => {
    listeners = [await listen(0), await listen(0)];
    const ports = listeners.map(portOf);
    const targets = JSON.stringify([range(LIVE, LIVE)]);
    const groupId = await newGroup({ targets, profile_id: await profileOf(ports) });
    const host = { address: LIVE, open: Object.fromEntries(ports.map((port) => [port, ''])) };
    const args = `nmap -oX x ${LIVE}`;
    const scan = { at: day(1), hosts: [host], args, ports: ports.join(',') };
    await runImport(groupId, [await put('live.xml', buildScanXml(scan))]);
    const queue = await createTestQueue(test.database);
    const live = await createLive(test.url, { log });
    const parts = { database: test.database, queue, live, log, judge, closeScan };
    const resolveNames = async () => ({ found: new Map<string, string>(), problems: [] });
    await startScanWorkers({ ...parts, ...createEngines(), resolveNames });
    const scanNow = async () => {
      const origin = { trigger: 'person', scheduleId: null, whenRunning: 'skip' } as const;
      const wish = { ...site, groupId, startedBy: site.userId, ...origin };
      const { scanId } = await test.database.withSite(site.siteId, (tx) =>
        requestScan(tx, parts, wish),
      );
      const status = () => selectScanStatus(test.database, scanId ?? '');
      await vi.waitUntil(async () => (await status()) === 'finished', { timeout: 25_000 });
    };
    await scanNow();
    expect(await selectTold(test.database, groupId)).toEqual([]);
    listeners[0]?.close();
    await scanNow();
    const told = await selectTold(test.database, groupId);
    expect(told.map(({ text }) => text)).toEqual([`service.closed ${LIVE} tcp/${ports[0]}`]);
    listeners[1]?.close();
    await queue.stop(1_000);
    await live.close();
  });

  function listen(port: number): Promise<Server> {
    return new Promise((resolve) => {
      const hear = (socket: Socket) => socket.on('error', () => undefined).end();
      const server = createServer(hear).listen(port, LIVE, () => resolve(server));
    });
  }

  function portOf(server: Server): number {
    const address = server.address();
    return typeof address === 'object' && address ? address.port : 0;
  }

  async function profileOf(ports: readonly number[]): Promise<string> {
    const options = { engine: 'connect', tcp: { kind: 'list', ports: ports.join(',') } } as const;
    return (await buildProfile(test.database, site.siteId, { options })).id;
  }
});
