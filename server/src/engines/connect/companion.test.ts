import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { HostBelief } from '@netdelta/core/host/belief.ts';
import { type ScanOptionsInput, scanOptions } from '@netdelta/core/profile/options.ts';
import type { ServiceFacts } from '@netdelta/core/snapshot/snapshot.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EngineRequest } from '../engine.ts';
import { createNmapProgram } from '../nmap/program.ts';
import { confirmService } from './identify.ts';
import { createConnectEngine } from './run.ts';

const HOST = '127.0.1.171';
const FULL = '127.0.1.172';
const folder = mkdtempSync(join(tmpdir(), 'netdelta-companion-'));
const servers: Server[] = [];
const endings: (() => void)[] = [];
let privileged = false;

beforeAll(async () => {
  for (const [port, greeting] of [
    [2222, 'SSH-2.0-OpenSSH_9.6\r\n'],
    [2223, ''],
  ] as const) {
    const server = createServer((socket) => {
      socket.on('error', () => socket.destroy());
      socket.write(greeting);
    });
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(port, HOST, resolve));
  }
  await listenFull();
  privileged = (await createFake('look', '').program.detect()).privileged;
});

afterAll(() => {
  for (const end of endings) end();
  for (const server of servers) server.close();
  rmSync(folder, { recursive: true });
});

/** A listener whose queue is full answers no further connect: Linux drops the SYN. */
async function listenFull() {
  const code = `const net=require('node:net');net.createServer(()=>{}).listen({port:3998,host:'${FULL}',backlog:1},()=>{for(let i=0;i<8;i++)net.connect(3998,'${FULL}').on('error',()=>{});setTimeout(()=>{console.log('full');const end=Date.now()+30000;while(Date.now()<end);},50)});`;
  const child = spawn(process.execPath, ['-e', code], { stdio: ['ignore', 'pipe', 'inherit'] });
  endings.push(() => void child.kill('SIGKILL'));
  await new Promise((resolve) => child.stdout.once('data', resolve));
  const fill = Array.from({ length: 8 }, () => connect(3998, FULL).on('error', () => undefined));
  endings.push(() => {
    for (const socket of fill) socket.destroy();
  });
  await new Promise((resolve) => setTimeout(resolve, 300));
}

/** A stand-in that answers --version as nmap does, notes its other arguments, and does what the test says. */
function createFake(name: string, script: string) {
  const path = join(folder, name);
  const log = join(folder, `${name}.log`);
  const head = `#!/bin/sh\nif [ "$1" = --version ]; then echo "Nmap version 7.93"; exit; fi\necho "$@" >> ${log}\n`;
  writeFileSync(path, head + script, { mode: 0o755 });
  const program = createNmapProgram({ path });
  const calls = () => (existsSync(log) ? readFileSync(log, 'utf8').trim().split('\n') : []);
  return { program, engine: createConnectEngine(program), calls };
}

const xml = (host: string, services = '') =>
  `echo '<nmaprun scanner="nmap" version="7.93">${services && `<scaninfo protocol="tcp" services="${services}"/>`}<host>${host}</host><runstats><finished exit="success"/></runstats></nmaprun>'`;
const head = (address: string, reason: string) =>
  `<status state="up" reason="${reason}"/><address addr="${address}" addrtype="ipv4"/>`;
const service = (port: number, facts: string) =>
  `<port protocol="tcp" portid="${port}"><state state="open" reason="syn-ack"/><service ${facts}/></port>`;

function buildRequest(input: ScanOptionsInput, more: Partial<EngineRequest> = {}): EngineRequest {
  return {
    addresses: [HOST],
    options: scanOptions.parse({ reverseDns: false, probeTimeoutMs: 300, ...input }),
    known: new Map(),
    signal: new AbortController().signal,
    onProgress: () => undefined,
    ...more,
  };
}

const tcp = (ports: string) => ({ kind: 'list', ports }) as const;

describe('a host that answers no connect', () => {
  const discovery = { kind: 'probes', icmpEcho: true, tcpSynPorts: '3998' } as const;
  const request = (more: ScanOptionsInput = {}) =>
    buildRequest({ tcp: tcp('3998'), discovery, ...more }, { addresses: [FULL] });

  it('is asked by ICMP through nmap; all its ports are asked, and silent', async ({ skip }) => {
    if (!privileged) skip();
    const mac = '<address addr="52:54:00:00:00:01" addrtype="mac" vendor="QEMU"/>';
    const { engine, calls } = createFake('echo', xml(head(FULL, 'echo-reply') + mac));
    const result = await engine.run(request());
    expect(result.end).toBe('finished');
    expect(result.snapshot.hosts).toMatchObject([
      {
        address: FULL,
        status: 'up',
        reason: 'echo-reply',
        mac: '52:54:00:00:00:01',
        macVendor: 'QEMU',
        rest: [{ state: 'silent', ports: [[3998, 3998]] }],
        covered: { tcp: [[3998, 3998]] },
      },
    ]);
    expect(calls()).toEqual([expect.stringMatching(/ -sn -PE .*127\.0\.1\.172$/)]);
    expect(result.command.join(' ')).toMatch(/^connect .* \+ nmap .* -sn -PE [^.]*$/);
  });

  it('is silent when that stays unanswered, too', async ({ skip }) => {
    if (!privileged) skip();
    const down = `<status state="down" reason="no-response"/><address addr="${FULL}" addrtype="ipv4"/>`;
    const { engine } = createFake('down', xml(down));
    const result = await engine.run(request());
    expect(result.snapshot.hosts).toMatchObject([{ status: 'silent', reason: 'no-response' }]);
  });

  it('is not covered where nmap fails', async ({ skip }) => {
    if (!privileged) skip();
    const { engine } = createFake('broken', 'echo "no route" >&2; exit 1');
    const result = await engine.run(request());
    expect(result).toMatchObject({ end: 'failed', snapshot: { hosts: [] } });
    expect(result.snapshot.uncovered).toEqual([{ address: FULL, reason: 'engine-error' }]);
    expect(result.problem).toMatch(/could not be asked by ICMP: nmap ended with code 1: no route/);
  });

  it.each<[string, ScanOptionsInput]>([
    ['connect is asked by name', { engine: 'connect' }],
    ['no ICMP is wanted', { discovery: { kind: 'probes', tcpSynPorts: '3998' } }],
  ])('is not asked by nmap where %s', async (_what, input) => {
    const { engine, calls } = createFake('unused', xml(head(FULL, 'echo-reply')));
    const result = await engine.run(request(input));
    expect(result.snapshot.hosts).toMatchObject([{ status: 'silent' }]);
    expect(calls()).toEqual([]);
  });
});

it('asks a known host by the port by which it answered, too', async () => {
  const discovery = { kind: 'probes', tcpSynPorts: '3998' } as const;
  const request = buildRequest({ tcp: tcp('3998'), discovery }, { addresses: [FULL] });
  const belief = { ...buildBelief(3998, OPENSSH), address: FULL, contacts: ['tcp/4001'] as const };
  const result = await createConnectEngine().run({
    ...request,
    known: new Map([[FULL, belief]]),
  });
  // Port 4001 refuses, which is an answer; it was not asked for, and is not told.
  expect(result.snapshot.hosts).toMatchObject([
    { status: 'up', endpoints: [], covered: { tcp: [[3998, 3998]] } },
  ]);
});

const OPENSSH: ServiceFacts = {
  method: 'probed',
  name: 'ssh',
  product: 'OpenSSH',
  version: '9.6',
  cpe: ['cpe:/a:openbsd:openssh:9.6'],
};

function buildBelief(port: number, facts: ServiceFacts): HostBelief {
  return {
    address: HOST,
    status: 'UP',
    reason: 'syn-ack',
    contacts: [`tcp/${port}`],
    names: [],
    known: { tcp: [[port, port]], udp: [] },
    unsteady: [],
    services: [{ protocol: 'tcp', port, reason: 'syn-ack', service: facts }],
  };
}

describe('what listens', () => {
  const options = { tcp: tcp('2222,2223'), serviceDetection: true } as const;
  const known = new Map([[HOST, buildBelief(2222, OPENSSH)]]);
  const answer = (facts: string) =>
    xml(`${head(HOST, 'user-set')}<ports>${service(2223, facts)}</ports>`, '2223');

  it('is asked of nmap where it is new; what a greeting confirms keeps what is known', async () => {
    const { engine, calls } = createFake('new', answer('name="x" method="probed" product="Thing"'));
    const result = await engine.run(buildRequest(options, { known }));
    expect(result.snapshot.hosts[0]?.endpoints).toMatchObject([
      { port: 2222, service: OPENSSH },
      { port: 2223, service: { product: 'Thing', method: 'probed' } },
    ]);
    expect(calls()).toEqual([expect.stringMatching(/ -Pn .*-p T:2223 -sV .*127\.0\.1\.171$/)]);
    expect(result.command.join(' ')).toContain('-p T:2223 -sV');
  });

  it('is asked again where the greeting says another version', async () => {
    const older = { ...OPENSSH, version: '9.2' };
    const { engine, calls } = createFake('other', 'exit 1');
    const before = new Map([[HOST, buildBelief(2222, older)]]);
    await engine.run(buildRequest({ ...options, tcp: tcp('2222') }, { known: before }));
    expect(calls()).toEqual([expect.stringContaining('-p T:2222 -sV')]);
  });

  it('has no facts where nmap fails, which is told', async () => {
    const { engine } = createFake('fails', 'echo "out of memory" >&2; exit 1');
    const result = await engine.run(buildRequest(options, { known }));
    expect(result).toMatchObject({ end: 'finished', problem: expect.stringMatching(/memory/) });
    const [first, second] = result.snapshot.hosts[0]?.endpoints ?? [];
    expect(first?.service).toEqual(OPENSSH);
    expect(second).toEqual({ protocol: 'tcp', port: 2223, state: 'open', reason: 'syn-ack' });
  });
});

describe('a greeting', () => {
  const heard: ServiceFacts = { method: 'probed', name: 'ssh', product: 'OpenSSH', version: '9.6' };
  it.each<[string, ServiceFacts | undefined, ServiceFacts | undefined, boolean]>([
    ['of the same product and version', OPENSSH, heard, true],
    ['with a less detailed version', { ...OPENSSH, version: '9.6p1' }, heard, true],
    ['of another version', { ...OPENSSH, version: '9.2' }, heard, false],
    ['without a version', OPENSSH, { method: 'probed', name: 'ssh', product: 'OpenSSH' }, false],
    ['without a product', OPENSSH, { method: 'probed', name: 'ssh' }, false],
    ['that is none', OPENSSH, undefined, false],
    ['of what was only guessed', { ...OPENSSH, method: 'table' }, heard, false],
    ['of what is unknown', undefined, heard, false],
  ])('%s confirms: %#', (_what, known, said, confirms) => {
    expect(confirmService(known, said)).toEqual(confirms ? known : undefined);
  });
});
