import { spawn } from 'node:child_process';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { type ScanOptionsInput, scanOptions } from '@netdelta/core/profile/options.ts';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import type { EngineProgress, EngineRequest } from '../engine.ts';
import { createConnectEngine } from './run.ts';

const HOST = '127.0.1.161';
const EMPTY = '127.0.1.162';
const FULL = '127.0.1.163';
const servers: Server[] = [];
const engine = createConnectEngine();

async function listen(host: string, port: number, onSocket: (socket: Socket) => void) {
  const server = createServer((socket) => {
    socket.on('error', () => socket.destroy());
    onSocket(socket);
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(port, host, resolve));
}

beforeAll(async () => {
  await listen(HOST, 2222, (socket) => socket.write('SSH-2.0-OpenSSH_9.6\r\n'));
  await listen(HOST, 8081, (socket) =>
    socket.on('data', () => socket.end('HTTP/1.0 200 OK\r\nServer: nginx/1.24.0\r\n\r\n')),
  );
  await listen(HOST, 2223, () => undefined);
  await listen('::1', 28_081, () => undefined);
});

afterAll(() => {
  for (const server of servers) server.close();
});

function buildRequest(input: ScanOptionsInput, more: Partial<EngineRequest> = {}): EngineRequest {
  return {
    addresses: [HOST, EMPTY],
    options: scanOptions.parse({ reverseDns: false, probeTimeoutMs: 300, ...input }),
    known: new Map(),
    signal: new AbortController().signal,
    onProgress: () => undefined,
    ...more,
  };
}

const tcp = (ports: string) => ({ kind: 'list', ports }) as const;

describe('the connect engine', () => {
  it('sees open and closed ports, and who is up', async () => {
    const told: EngineProgress[] = [];
    const onProgress = (progress: EngineProgress) => told.push(progress);
    const result = await engine.run(buildRequest({ tcp: tcp('2222-2225') }, { onProgress }));
    expect(result).toMatchObject({ end: 'finished', snapshot: { uncovered: [] } });
    expect(result.problem).toBeUndefined();
    expect(result.snapshot.hosts).toMatchObject([
      {
        address: HOST,
        status: 'up',
        reason: 'syn-ack',
        endpoints: [{ port: 2222, reason: 'syn-ack' }, { port: 2223 }],
        rest: [{ ports: [[2224, 2225]], state: 'closed', reason: 'conn-refused' }],
        covered: { tcp: [[2222, 2225]], udp: [] },
      },
      { address: EMPTY, status: 'up', reason: 'conn-refused', endpoints: [] },
    ]);
    expect(told.at(-1)).toEqual({ fraction: 1, hostsUp: 2, servicesOpen: 2 });
  });

  it('asks over IPv6', async () => {
    const request = buildRequest({ tcp: tcp('28081,28082') }, { addresses: ['::1'] });
    const { snapshot } = await engine.run(request);
    expect(snapshot.hosts[0]?.endpoints.map(({ port }) => port)).toEqual([28_081]);
    expect(snapshot.hosts[0]?.rest[0]?.ports).toEqual([[28_082, 28_082]]);
  });

  it('hears what services say, by themselves or when asked', async () => {
    const options = { tcp: tcp('2222,2223,8081'), serviceDetection: true };
    const { snapshot } = await engine.run(buildRequest(options));
    expect(snapshot.hosts[0]?.endpoints.map(({ service }) => service?.product)).toEqual([
      'OpenSSH',
      undefined,
      'nginx',
    ]);
  });

  it('finds hosts by a handful of ports, and covers none of them', async () => {
    const result = await engine.run(buildRequest({ tcp: { kind: 'none' } }));
    expect(result.snapshot.hosts[1]).toMatchObject({
      status: 'up',
      endpoints: [],
      rest: [],
      covered: { tcp: [], udp: [] },
    });
  });

  it('covers no UDP, and says what it cannot do', async () => {
    const udp = { kind: 'top', count: 5 } as const;
    const mixed = await engine.run(buildRequest({ tcp: tcp('2222'), udp, osDetection: true }));
    expect(mixed.end).toBe('partial');
    expect(mixed.problem).toMatch(/UDP ports.*operating system/);
    expect(mixed.snapshot.hosts[0]?.covered.udp).toEqual([]);
    const only = await engine.run(buildRequest({ tcp: { kind: 'none' }, udp }));
    expect(only).toMatchObject({ end: 'failed', snapshot: { hosts: [] } });
    expect(only.snapshot.uncovered).toHaveLength(2);
  });

  it('keeps to the rate', async () => {
    const started = performance.now();
    await engine.run(buildRequest({ tcp: tcp('3001-3010'), maxRate: 20 }));
    expect(performance.now() - started).toBeGreaterThan(900);
  });

  it('asks all 65,535 ports of a host, and never takes its own echo for a service', async () => {
    const options = { tcp: { kind: 'all' }, timing: 5 } as const;
    const { snapshot } = await engine.run(buildRequest(options, { addresses: [EMPTY] }));
    expect(snapshot.hosts[0]?.covered.tcp).toEqual([[1, 65_535]]);
    const ports = snapshot.hosts[0]?.endpoints.filter(({ state }) => state === 'open');
    expect(ports?.filter(({ port }) => port >= 32_768)).toEqual([]);
  });

  it('ends at once when cancelled; what is not finished is not covered', async () => {
    const controller = new AbortController();
    const options = { tcp: { kind: 'all' }, timing: 1, maxRate: 50 } as const;
    const run = engine.run(buildRequest(options, { signal: controller.signal }));
    setTimeout(() => controller.abort(), 200);
    const started = performance.now();
    const result = await run;
    expect(performance.now() - started).toBeLessThan(1000);
    expect(result).toMatchObject({ end: 'cancelled', snapshot: { hosts: [] } });
    expect(result.snapshot.uncovered.map(({ reason }) => reason)).toEqual([
      'cancelled',
      'cancelled',
    ]);
  });

  it('gives a host up after its time', async () => {
    const options = { tcp: tcp('3001-3100'), maxRate: 50, hostTimeoutSeconds: 1 };
    const result = await engine.run(buildRequest(options));
    expect(result.snapshot.uncovered.map(({ reason }) => reason)).toEqual([
      'host-timeout',
      'host-timeout',
    ]);
    expect(result.problem).toMatch(/2 addresses exceeded the host time-out/);
  });

  it('says how far it got when its time is over', async () => {
    const request = buildRequest({ tcp: { kind: 'all' }, maxRate: 50 });
    const options = { ...request.options, shardTimeoutMinutes: 0.005 };
    const result = await engine.run({ ...request, options });
    expect(result.end).toBe('failed');
    expect(result.problem).toMatch(/did not finish within.*0 of 2/);
    expect(result.snapshot.uncovered[0]?.reason).toBe('truncated');
  });
});

describe('silence', () => {
  it('is asked again, and told as silence', async () => {
    // A listener whose queue is full answers no further connect: Linux drops the SYN.
    const code = `const net=require('node:net');const s=net.createServer().listen({port:3999,host:'${FULL}',backlog:1},()=>{for(let i=0;i<8;i++)net.connect(3999,'${FULL}').on('error',()=>{});setTimeout(()=>{console.log('full');const end=Date.now()+8000;while(Date.now()<end);},50)});s.on('connection',()=>{});setInterval(()=>{},1000);`;
    const child = spawn(process.execPath, ['-e', code], { stdio: ['ignore', 'pipe', 'inherit'] });
    onTestFinished(() => void child.kill('SIGKILL'));
    await new Promise((resolve) => child.stdout.once('data', resolve));
    const fill = Array.from({ length: 8 }, () => connect(3999, FULL).on('error', () => undefined));
    onTestFinished(() => {
      for (const socket of fill) socket.destroy();
    });
    await new Promise((resolve) => setTimeout(resolve, 300));
    const started = performance.now();
    const discovery = { kind: 'skip' } as const;
    const options = { tcp: tcp('3999'), discovery, probeTimeoutMs: 200, maxRetries: 2 };
    const { snapshot } = await engine.run(buildRequest(options, { addresses: [FULL] }));
    expect(performance.now() - started).toBeGreaterThan(550);
    expect(snapshot.hosts).toMatchObject([
      {
        status: 'silent',
        reason: 'no-response',
        endpoints: [],
        rest: [{ state: 'silent', reason: 'no-response' }],
        covered: { tcp: [[3999, 3999]] },
      },
    ]);
  });
});
