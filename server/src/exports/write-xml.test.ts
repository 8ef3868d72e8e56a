import { spawnSync } from 'node:child_process';
import { createReadStream } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { groupRequest } from '@netdelta/core/api/groups.ts';
import { buildOpen, buildSeen, buildUnanswered } from '@netdelta/core/host/build-observation.ts';
import type { HostObservation } from '@netdelta/core/snapshot/snapshot.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readNmapXml } from '../formats/nmap/parse.ts';
import { createExportSuite, type ExportSuite } from './testing/create-export-suite.ts';
import { readFile } from './testing/read-file.ts';

const CORPUS = new URL('../formats/nmap/corpus/', import.meta.url).pathname;

let test: ExportSuite;
let folder: string;

beforeAll(async () => {
  test = await createExportSuite();
  folder = await mkdtemp(path.join(tmpdir(), 'netdelta-xml-'));
});
afterAll(async () => {
  await test.close();
  await rm(folder, { recursive: true, force: true });
});

/** A group of these hosts, seen in one scan after the other. */
async function judge(name: string, scans: readonly (readonly HostObservation[])[]) {
  const addresses = [...new Set(scans.flat().map(({ address }) => address))];
  const typed = { name, targets: addresses.join('\n'), profileId: test.profileId, downAfter: 1 };
  const groupId = await test.chronicler.createGroup(test.site, groupRequest.parse(typed));
  const place = { siteId: test.site.id, groupId, startedBy: null };
  for (const hosts of scans)
    await test.chronicler.scan(place, [{ addresses }], () => ({
      ...{ snapshot: { hosts, uncovered: [] }, findings: [], sentinels: [], openDecoys: {} },
      path: 'clear',
    }));
  return { id: groupId, name };
}

const write = (group: { id: string; name: string } | null) =>
  readFile(test.database, test.site, { format: 'xml', group });
const read = (xml: string) => readNmapXml(Readable.from([Buffer.from(xml)]));

/** What ndiff prints, but for the times in its heading and how many ports are not shown. */
async function ndiff(original: string, exported: string): Promise<string[]> {
  const file = path.join(folder, 'exported.xml');
  await writeFile(file, exported);
  const { stdout, stderr } = spawnSync('ndiff', [original, file], { encoding: 'utf8' });
  expect(stderr).toBe('');
  return stdout
    .split('\n')
    .filter((line) => /^[-+]/.test(line) && !/^[-+](Nmap|Netdelta|Not shown)/i.test(line));
}

describe('what was judged from a file of nmap and is exported again', () => {
  it.each(['services', 'connect', 'tcp-and-udp', 'scripts', 'ipv6', 'host-down', 'names'])(
    'is the same to ndiff: %s',
    async (name) => {
      const original = path.join(CORPUS, `${name}.xml`);
      const { snapshot } = await readNmapXml(createReadStream(original));
      const group = await judge(name, [snapshot.hosts]);
      const changes = await ndiff(original, await write(group));
      expect(changes.filter((line) => !isRefusal(line))).toEqual([]);
    },
  );
});

/** A single port that refused: it is not open, but how it refused is not remembered. */
function isRefusal(line: string): boolean {
  return /^-\d+\/(tcp|udp)\s+(closed|filtered|open\|filtered)/.test(line);
}

it('tells hosts that are down, or never were up, as down, and what is known of ports', async () => {
  const up = buildSeen([buildOpen(22)], { address: '10.0.0.1' });
  const gone = buildSeen([buildOpen(80)], { address: '10.0.0.2' });
  const other = buildSeen([buildOpen(443)], { address: '10.0.0.4', covered: [80, 443, 8080] });
  const silent = (address: string) =>
    buildUnanswered({ address, covered: { tcp: [[1, 1000]], udp: [] } });
  const hosts = [up, gone, silent('10.0.0.3'), other];
  const group = await judge('Down', [hosts, [up, silent('10.0.0.2'), silent('10.0.0.3'), other]]);
  const xml = await write(group);
  const { snapshot, exit, truncated } = await read(xml);
  expect({ exit, truncated }).toEqual({ exit: 'success', truncated: false });
  expect(snapshot.hosts.map(({ address, status }) => `${address} ${status}`)).toEqual([
    ...['10.0.0.1 up', '10.0.0.2 silent', '10.0.0.3 silent', '10.0.0.4 up'],
  ]);
  expect(snapshot.hosts[0]?.covered).toEqual({
    tcp: [
      [22, 22],
      [80, 80],
      [443, 443],
    ],
    udp: [],
  });
  expect(snapshot.hosts[3]?.covered.tcp).toEqual([
    [80, 80],
    [443, 443],
    [8080, 8080],
  ]);
  expect(xml).toContain('<hosts up="2" down="2" total="4"/>');
});

it('replaces in banners what no XML can hold', async () => {
  const service = {
    method: 'probed',
    product: 'a\u0001<b>&"\ufffe',
    fingerprint: 'x\u001by',
  } as const;
  const host = buildSeen([buildOpen(22, { service })], { address: '10.0.1.1', covered: [22] });
  const xml = await write(await judge('Banner', [[host]]));
  expect(xml).toContain('product="a\ufffd&lt;b&gt;&amp;&quot;\ufffd"');
  const { snapshot } = await read(xml);
  expect(snapshot.hosts[0]?.endpoints[0]?.service?.product).toBe('a\ufffd<b>&"\ufffd');
});

it('holds all groups, and is one document', async () => {
  const { snapshot, problem } = await read(await write(null));
  expect(problem).toBeUndefined();
  expect(snapshot.hosts.length).toBeGreaterThan(5);
});
