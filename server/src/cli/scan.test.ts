import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createConnectEngine } from '../engines/connect/run.ts';
import { createEngines } from '../engines/create-engines.ts';
import type { Engine } from '../engines/engine.ts';
import { createNmapProgram } from '../engines/nmap/program.ts';
import { createNmapEngine } from '../engines/nmap/run.ts';
import { readNmapXml } from '../formats/nmap/parse.ts';
import type { NameResolver } from '../scans/resolve-names.ts';
import { createScanCommand } from './scan.ts';
import type { Surroundings } from './surroundings.ts';
import { runCommand } from './testing/run-command.ts';

const HOST = '127.0.77.1';
const servers: Server[] = [];
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'netdelta-scan-'));
});
afterEach(async () => {
  for (const server of servers.splice(0)) await new Promise((done) => server.close(done));
});
afterAll(() => rm(folder, { recursive: true }));

function listen(port: number, host = HOST): Promise<Server> {
  const server = createServer((socket) =>
    socket.on('error', () => undefined).end('SSH-2.0-OpenSSH_9.2p1\r\n'),
  );
  servers.push(server);
  return new Promise((ready) => server.listen(port, host, () => ready(server)));
}

const { engines, prober } = createEngines();
const noNames: NameResolver = async () => ({ found: new Map(), problems: [] });

function scan(
  args: readonly string[],
  {
    overrides = {},
    ...parts
  }: {
    engines?: readonly Engine[];
    resolveNames?: NameResolver;
    overrides?: Partial<Surroundings>;
  } = {},
) {
  const create = (surroundings: Surroundings) =>
    createScanCommand(surroundings, { engines, prober, resolveNames: noNames, ...parts });
  return runCommand(create, args, overrides);
}

const read = (file: string) => readFile(file).then((bytes) => readNmapXml(Readable.from([bytes])));
const withPorts = (engine: string) => [`${HOST}-3`, '--ports', '2201-2203', '--engine', engine];

/** Without a network, nmap waits 13 s for names in each scan. */
const FOUR_SCANS_MS = 120_000;

describe.each(['nmap', 'connect'])('a scan by %s', (engine) => {
  it('prints what is up and open, and says which engine looked', async () => {
    await listen(2201);
    const { code, stdout, stderr } = await scan([...withPorts(engine), '--service-detection']);
    expect(stderr).toMatch(new RegExp(`^Engine: ${engine} .*as the profile says`));
    expect(stdout).toMatch(
      /127\.0\.77\.1 is up \(.*\)\n {2}tcp\/2201 {3}open {6}ssh, OpenSSH 9\.2p1\n {2}2 closed/,
    );
    expect(stdout).toContain('Hosts up: 3 of 3. Services open: 1.');
    expect(code).toBe(0);
  });

  it(
    'writes XML that the next scan is compared with',
    async () => {
      const baseline = path.join(folder, `${engine}.xml`);
      const first = await listen(2201);
      const before = await scan([...withPorts(engine), '--xml', baseline, '--json']);
      expect(before).toMatchObject({ code: 0 });
      const { hosts, uncovered } = JSON.parse(before.stdout);
      expect(await read(baseline)).toMatchObject({
        exit: 'success',
        snapshot: { hosts, uncovered },
      });
      expect((await readdir(folder)).filter((name) => name.endsWith('.part'))).toEqual([]);

      const again = [...withPorts(engine), '--baseline', baseline];
      const same = await scan(again);
      expect(same).toMatchObject({ code: 0, stdout: expect.stringContaining('Nothing changed.') });

      await new Promise((done) => first.close(done));
      await listen(2202);
      const changed = await scan(again);
      expect(changed.code).toBe(1);
      expect(changed.stdout).toMatch(
        /- {3}tcp\/2201 .*\n\+ {3}tcp\/2201 {3}closed .*\n\+ {3}tcp\/2202 {3}open/,
      );
      const { deltas } = JSON.parse((await scan([...again, '--json'])).stdout);
      expect(deltas.map(({ sentence }: { sentence: string }) => sentence)).toEqual([
        expect.stringMatching(/^127\.0\.77\.1: tcp\/2201 closed/),
        expect.stringMatching(/^127\.0\.77\.1: tcp\/2202 opened/),
      ]);
    },
    FOUR_SCANS_MS,
  );
});

it('scans more than one shard into one file', async () => {
  const file = path.join(folder, 'shards.xml');
  await listen(2201, '127.0.78.5');
  const args = ['127.0.77.1-127.0.78.20', '--exclude', '127.0.77.9', '--ports', '2201'];
  const { code, stdout } = await scan([...args, '--engine', 'connect', '--xml', file]);
  expect(stdout).toContain('Hosts up: 275 of 275. Services open: 1.');
  expect((await read(file)).snapshot.hosts).toHaveLength(275);
  expect(code).toBe(0);
});

it('shows how far it is, on a terminal only', async () => {
  const args = [HOST, '--ports', '2201', '--engine', 'connect'];
  const shown = await scan(args, { overrides: { terminal: true } });
  expect(shown.stderr).toContain('\r\u001b[K100 %  hosts up: 1, services open: 0');
  expect((await scan(args)).stderr).not.toContain('\r');
});

describe('host names', () => {
  const resolveNames: NameResolver = async (names) => ({
    found: new Map(names.includes('router.example') ? [[HOST, 'router.example']] : []),
    problems: [{ what: 'gone.example', message: 'The host name does not resolve.' }],
  });

  it('are resolved; one that is unknown is said, the rest scanned', async () => {
    const args = ['router.example', 'gone.example', '--ports', '2201', '--engine', 'connect'];
    const { code, stdout, stderr } = await scan(args, { resolveNames });
    expect(stderr).toContain('gone.example: The host name does not resolve.');
    expect(stdout).toContain('127.0.77.1 (router.example) is up');
    expect(code).toBe(0);
  });

  it('that leave nothing to scan are a failure of the outside', async () => {
    const { code, stderr } = await scan(['gone.example'], { resolveNames });
    expect([code, stderr]).toEqual([3, expect.stringContaining('No address is left to scan.')]);
  });
});

describe('what cannot be scanned', () => {
  it('is listed as a whole, before anything is asked', async () => {
    const { code, stderr, stdout } = await scan([
      '10.0.0.300',
      '--ports',
      'x',
      '--baseline',
      path.join(folder, 'none'),
    ]);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr.split('\n')).toEqual([
      expect.stringContaining('10.0.0.300: '),
      expect.stringContaining('--ports: '),
      expect.stringContaining('there is no such file'),
    ]);
  });

  it('is a file that cannot be written', async () => {
    const { code, stderr } = await scan([HOST, '--xml', path.join(folder, 'none', 'a.xml')]);
    expect([code, stderr]).toEqual([2, expect.stringMatching(/a\.xml cannot be written/)]);
  });

  it('is an engine that is not there, and the old file stays', async () => {
    const file = path.join(folder, 'old.xml');
    await writeFile(file, 'old');
    const none = [createNmapEngine(createNmapProgram({ path: path.join(folder, 'nmap') }))];
    const { code, stderr } = await scan([HOST, '--engine', 'nmap', '--xml', file], {
      engines: none,
    });
    expect([code, stderr]).toEqual([3, expect.stringContaining('nmap is not available here')]);
    expect([
      await readFile(file, 'utf8'),
      (await readdir(folder)).includes('old.xml.part'),
    ]).toEqual(['old', false]);
  });
});

it('Ctrl-C ends the engine, and what was covered is printed', async () => {
  const file = path.join(folder, 'cancelled.xml');
  const controller = new AbortController();
  const connect = createConnectEngine();
  let runs = 0;
  const stopping: Engine = {
    ...connect,
    run: (request) => {
      runs += 1;
      if (runs === 2) controller.abort();
      return connect.run(request);
    },
  };
  const args = ['127.0.77.0-127.0.79.255', '--ports', '2201', '--engine', 'connect', '--xml', file];
  const { code, stdout } = await scan(args, {
    engines: [stopping],
    overrides: { signal: controller.signal },
  });
  expect([code, runs]).toEqual([3, 2]);
  expect(stdout).toContain('Hosts up: 256 of 256. Services open: 0. Cancelled.');
  expect(stdout).toMatch(/Not covered \(cancelled\): 127\.0\.78\.0, .* and 502 more/);
  expect(await read(file)).toMatchObject({ exit: 'error', truncated: false });
});
