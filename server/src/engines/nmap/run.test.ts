import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ScanOptionsInput, scanOptions } from '@netdelta/core/profile/options.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EngineProgress, EngineRequest } from '../engine.ts';
import { createNmapProgram } from './program.ts';
import { createNmapEngine } from './run.ts';

const HOST = '127.0.1.151';
const EMPTY = '127.0.1.152';
const folder = mkdtempSync(join(tmpdir(), 'netdelta-nmap-'));
const servers: Server[] = [];
/** Commands that no other test run has: what is looked for in the list of processes. */
const NAP = `sleep 987.${process.pid}`;
const ORPHANED_NAP = `sleep 986.${process.pid}`;

beforeAll(async () => {
  for (const [port, greeting] of [
    [2222, 'SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u3\r\n'],
    [2223, ''],
  ] as const) {
    const server = createServer((socket) => {
      socket.on('error', () => socket.destroy());
      socket.write(greeting);
    });
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(port, HOST, resolve));
  }
});

afterAll(() => {
  for (const server of servers) server.close();
  rmSync(folder, { recursive: true });
});

function buildRequest(input: ScanOptionsInput, more: Partial<EngineRequest> = {}): EngineRequest {
  return {
    addresses: [HOST, EMPTY],
    options: scanOptions.parse({ reverseDns: false, ...input }),
    known: new Map(),
    signal: new AbortController().signal,
    onProgress: () => undefined,
    ...more,
  };
}

const tcp = (ports: string) => ({ kind: 'list', ports }) as const;

/** A stand-in that answers --version as nmap does, and otherwise does what the test says. */
function createFake(name: string, script: string) {
  const path = join(folder, name);
  const head = '#!/bin/sh\nif [ "$1" = --version ]; then echo "Nmap version 7.93"; exit; fi\n';
  writeFileSync(path, head + script, { mode: 0o755 });
  return { path, engine: createNmapEngine(createNmapProgram({ path })) };
}

function isRunning(text: string): boolean {
  return execFileSync('ps', ['-eo', 'args'], { encoding: 'utf8' }).includes(text);
}

describe('real nmap', () => {
  const engine = createNmapEngine();

  it('sees open and closed ports, and tells how far it is', async () => {
    const told: EngineProgress[] = [];
    const onProgress = (progress: EngineProgress) => told.push(progress);
    const result = await engine.run(buildRequest({ tcp: tcp('2222,2224') }, { onProgress }));
    expect(result).toMatchObject({ end: 'finished', snapshot: { uncovered: [] } });
    const [host, empty] = result.snapshot.hosts;
    expect(host?.endpoints).toMatchObject([
      { port: 2222, state: 'open', reason: 'syn-ack' },
      { port: 2224, state: 'closed' },
    ]);
    expect(empty?.endpoints.map(({ state }) => state)).toEqual(['closed', 'closed']);
    expect(result.command.join(' ')).toMatch(
      /^nmap -oX - .* -p T:2222,2224 --max-retries 6 --min-rate 2000$/,
    );
    expect(result.output?.toString()).toContain('</nmaprun>');
    expect(told.at(-1)).toEqual({ fraction: 1, hostsUp: 2, servicesOpen: 1 });
    expect(told.map(({ fraction }) => fraction)).toEqual(
      told.map(({ fraction }) => fraction).toSorted((a, b) => a - b),
    );
  });

  it('joins a top list of one protocol with a list of the other', async ({ skip }) => {
    if (!(await engine.detect()).privileged) skip();
    const options = { tcp: { kind: 'top', count: 3 }, udp: tcp('53') } as const;
    const result = await engine.run(buildRequest(options));
    expect(result.end).toBe('finished');
    expect(result.command.at(-1)).toMatch(/^T:[\d,-]+,U:53$/);
    expect(result.snapshot.hosts[0]?.covered.udp).toEqual([[53, 53]]);
  });

  it('says what nmap said when it refuses a script', async () => {
    const result = await engine.run(
      buildRequest(
        { tcp: tcp('2222'), scripts: ['no-such-script'] },
        { allowedScripts: new Set(['no-such-script']) },
      ),
    );
    expect(result.end).toBe('failed');
    expect(result.problem).toMatch(/'no-such-script' did not match.*0 of 2 addresses/);
    expect(result.snapshot.uncovered).toHaveLength(2);
  });

  it('ends within two seconds when cancelled, and leaves no process', async () => {
    const controller = new AbortController();
    // The second port accepts and says nothing, which keeps version detection waiting.
    const request = buildRequest(
      { tcp: tcp('2223'), serviceDetection: true },
      { signal: controller.signal },
    );
    const run = engine.run(request);
    await expect.poll(() => isRunning('T:2223 -sV'), { timeout: 10_000 }).toBe(true);
    const cancelledAt = performance.now();
    controller.abort();
    const result = await run;
    expect(performance.now() - cancelledAt).toBeLessThan(2000);
    expect(result).toMatchObject({ end: 'cancelled', snapshot: { hosts: [] } });
    expect(result.snapshot.uncovered.map(({ reason }) => reason)).toEqual([
      'cancelled',
      'cancelled',
    ]);
    expect(isRunning('T:2223 -sV')).toBe(false);
  });

  it('lists a host that ran out of time as not covered', async () => {
    const options = { tcp: tcp('2223'), serviceDetection: true, hostTimeoutSeconds: 1 };
    const result = await engine.run(buildRequest(options));
    expect(result.snapshot.uncovered).toEqual([{ address: HOST, reason: 'host-timeout' }]);
    expect(result.snapshot.hosts.map(({ address }) => address)).toEqual([EMPTY]);
    expect(result.problem).toMatch(/1 of 2 addresses exceeded the host time-out/);
  });
});

const HEAD = '<nmaprun scanner="nmap" version="7.93"><scaninfo protocol="tcp" services="22"/>';
const hostXml = (address: string) =>
  `<host><status state="up" reason="reset"/><address addr="${address}" addrtype="ipv4"/><ports><port protocol="tcp" portid="22"><state state="closed" reason="reset"/></port></ports></host>`;
const END = '<runstats><finished exit="success"/></runstats></nmaprun>';

describe('an nmap that fails', () => {
  it.each([
    [
      'crashes',
      'echo "Segfault ahead" >&2; exit 139',
      /code 139: Segfault ahead/,
      'failed',
      'engine-error',
    ],
    [
      'is killed',
      `echo '${HEAD}${hostXml(HOST)}'; kill -9 $$`,
      /SIGKILL.*1 of 2/,
      'partial',
      'engine-error',
    ],
    [
      'prints garbage and goes on',
      'while :; do echo hello; sleep 0.1; done',
      /line 1, column/,
      'failed',
      'truncated',
    ],
    [
      'prints half a document',
      `printf '%s' '${HEAD}${hostXml(HOST)}<host><sta'`,
      /ends before its last tag/,
      'partial',
      'truncated',
    ],
    [
      'prints malformed XML',
      `echo '${HEAD}${hostXml(HOST)}<host></nmaprun>'`,
      /cannot be read at line 1/,
      'partial',
      'truncated',
    ],
    [
      'forgets a host',
      `echo '${HEAD}${hostXml(HOST)}${END}'`,
      /nothing of 1 of 2/,
      'partial',
      'engine-error',
    ],
    [
      'reports an error',
      `echo '${HEAD}<runstats><finished exit="error" errormsg="no route"/></runstats></nmaprun>'; exit 1`,
      /code 1: no route/,
      'failed',
      'engine-error',
    ],
  ])('because it %s', async (name, script, problem, end, reason) => {
    const { engine } = createFake(name.replaceAll(' ', '-'), script);
    const result = await engine.run(buildRequest({ tcp: tcp('22') }));
    expect(result.end).toBe(end);
    expect(result.problem).toMatch(problem);
    const seen = end === 'partial' ? [HOST] : [];
    expect(result.snapshot.hosts.map(({ address }) => address)).toEqual(seen);
    expect(result.snapshot.uncovered.at(-1)).toEqual({ address: EMPTY, reason });
  });

  it('because it hangs, and ignores SIGTERM, is ended with all that it started', async () => {
    const { engine, path } = createFake('hang', `trap "" TERM\n${NAP} &\nwait\n${NAP}\n`);
    const started = performance.now();
    const request = buildRequest({});
    const options = { ...request.options, shardTimeoutMinutes: 0.01 };
    const result = await engine.run({ ...request, options });
    expect(result.end).toBe('failed');
    expect(result.problem).toMatch(/did not finish within/);
    expect(performance.now() - started).toBeLessThan(2600);
    expect(isRunning(path) || isRunning(NAP)).toBe(false);
  });

  it('because it is missing', async () => {
    const result = await createNmapEngine(createNmapProgram({ path: join(folder, 'none') })).run(
      buildRequest({}),
    );
    expect(result).toMatchObject({ end: 'failed', version: '' });
    expect(result.problem).toMatch(/not found.*apt-get install nmap/);
  });

  it('never adds hosts that were not asked', async () => {
    const { engine } = createFake('stranger', `echo '${HEAD}${hostXml('192.0.2.1')}${END}'`);
    const result = await engine.run(buildRequest({ tcp: tcp('22') }));
    expect(result).toMatchObject({ end: 'failed', snapshot: { hosts: [] } });
  });
});

it('does not outlive a process that is killed', async () => {
  const { path } = createFake('orphan', `exec ${ORPHANED_NAP}\n`);
  const code = `
    import { runProcess } from ${JSON.stringify(new URL('../process.ts', import.meta.url).href)};
    runProcess({ path: ${JSON.stringify(path)}, args: [], environment: process.env, timeoutMs: 60000, signal: new AbortController().signal, onOutput: () => true });
    setTimeout(() => process.kill(process.pid, 'SIGKILL'), 700);`;
  expect(() =>
    execFileSync(process.execPath, ['--input-type=module', '-e', code], { stdio: 'pipe' }),
  ).toThrow(/SIGKILL|Command failed/);
  await expect.poll(() => isRunning(ORPHANED_NAP)).toBe(false);
});
