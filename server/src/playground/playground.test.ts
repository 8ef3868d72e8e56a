import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { connect, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { orderChange } from './control.ts';
import { readMarker, selectPlayground } from './marker.ts';
import { SLOTS } from './network.ts';
import { type Playground, startPlayground } from './playground.ts';

let dataDir: string;
let running: Playground | undefined;
let changes: string[];

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'playground-'));
  changes = [];
});
afterEach(async () => {
  await running?.stop();
  running = undefined;
  await rm(dataDir, { recursive: true });
});

async function start(): Promise<Playground> {
  running = await startPlayground({
    dataDir,
    prefix: '127.0.31',
    seed: 1,
    onChange: (change) => changes.push(change),
  });
  return running;
}

/** What a client hears that asks as a browser would. */
async function hear({ address, port }: { address: string; port: number }): Promise<string> {
  const socket = connect({ host: address, port });
  socket.setTimeout(300, () => socket.destroy());
  socket.write('GET / HTTP/1.0\r\n\r\n');
  let heard = '';
  socket.setEncoding('utf8').on('data', (part) => {
    heard += part;
    socket.end();
  });
  await new Promise<void>((resolve) => {
    socket.on('error', () => resolve()).on('close', () => resolve());
  });
  return heard;
}

describe('while it runs', () => {
  test('every service greets as what it is', async () => {
    const { network } = await start();
    const greetings = await Promise.all(
      [...network().values()].map(
        async (service) => [service.version, await hear(service)] as const,
      ),
    );
    expect(greetings.length).toBeGreaterThan(40);
    for (const [version, heard] of greetings) expect(heard).toContain(version);
  });

  test('after each change the network answers as it is said to', async () => {
    const { network, change } = await start();
    for (let n = 0; n < 25; n += 1) await change();
    expect(changes).toHaveLength(25);
    for (const service of network().values())
      expect(await hear(service)).toContain(service.version);
  });

  test('a service that closed refuses', async () => {
    const { network, change } = await start();
    const before = [...network().values()];
    while (!changes.some((sentence) => sentence.includes('closed'))) await change();
    const closed = before.filter(({ address, port }) => !network().has(`${address}:${port}`));
    expect(await Promise.all(closed.map(hear))).toEqual(closed.map(() => ''));
  });

  test('the order of another process changes something, one thing at a time', async () => {
    await start();
    const { control = 0 } = (await readMarker(dataDir)) ?? {};
    const told = await Promise.all([orderChange(control), orderChange(control)]);
    expect(told.sort()).toEqual([...changes].sort());
    expect(changes).toHaveLength(2);
  });

  test('others find it by its marker, and no more when it has ended', async () => {
    const { stop } = await start();
    expect(await selectPlayground(dataDir)).toEqual({ running: true, targets: '127.0.31.1-20' });
    await stop();
    running = undefined;
    expect(await selectPlayground(dataDir)).toEqual({ running: false, targets: '' });
    await expect(readFile(join(dataDir, 'playground.json'))).rejects.toThrow('ENOENT');
  });
});

describe('it is refused', () => {
  test('when one runs already', async () => {
    await start();
    const second = startPlayground({ dataDir, prefix: '127.0.31', seed: 1, onChange: () => {} });
    await expect(second).rejects.toThrow(`A playground runs already, as process ${process.pid}`);
  });

  test('when a port is taken, and then nothing is left listening', async () => {
    const taken = await listen('127.0.31.6', SLOTS.dev.ports[0]);
    await expect(start()).rejects.toThrow('127.0.31.6 port 3000 is taken');
    expect(await hear({ address: '127.0.31.7', port: SLOTS.http.ports[0] })).toBe('');
    expect(await selectPlayground(dataDir)).toMatchObject({ running: false });
    await new Promise((resolve) => taken.close(resolve));
  });
});

describe('a marker without a playground', () => {
  const marker = { pid: 2 ** 22 - 1, targets: '127.0.31.1-20', since: '', control: 1 };
  test.each([
    ['of a process that is gone', JSON.stringify(marker)],
    ['that is not whole', '{"pid": 1'],
    ['of another shape', '[]'],
  ])('%s is not believed', async (_, content) => {
    await writeFile(join(dataDir, 'playground.json'), content);
    expect(await selectPlayground(dataDir)).toEqual({ running: false, targets: '' });
    await expect(start()).resolves.toBeDefined();
  });
});

test('all its ports are among those that nmap asks by itself', async () => {
  const { stdout } = await promisify(execFile)('nmap', ['-v', '-oG', '-', '--top-ports', '1000']);
  const [, list = ''] = /TCP\(\d+;([^)]*)\)/.exec(stdout) ?? [];
  const ranges = list.split(',').map((range) => range.split('-').map(Number));
  const asked = (port: number) =>
    ranges.some(([first = 0, last = first]) => first <= port && port <= last);
  const ports = Object.values(SLOTS).flatMap((slot) => slot.ports);
  expect(ports.filter((port) => !asked(port))).toEqual([]);
});

async function listen(host: string, port: number): Promise<Server> {
  const server = createServer((socket) => void text(socket).catch(() => ''));
  await new Promise<void>((resolve) => server.listen({ host, port }, resolve));
  return server;
}
