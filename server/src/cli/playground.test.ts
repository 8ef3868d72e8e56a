import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createPlaygroundCommand } from './playground.ts';

let dataDir: string;
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'playground-'));
});
afterEach(() => rm(dataDir, { recursive: true }));

/** Runs the command; `stop` is Ctrl-C. */
function run(...args: string[]) {
  const controller = new AbortController();
  const lines: string[] = [];
  const complaints: string[] = [];
  const codes: number[] = [];
  const command = createPlaygroundCommand({
    dataDir: () => dataDir,
    print: (line) => lines.push(line),
    complain: (line) => complaints.push(line),
    signal: controller.signal,
    exit: (code) => codes.push(code),
  });
  command.exitOverride().configureOutput({ writeErr: (text) => complaints.push(text) });
  const ended = command.parseAsync(['--prefix', '127.0.32', ...args], { from: 'user' });
  return { lines, complaints, codes, ended, stop: () => controller.abort() };
}

test('it says what to scan, changes in each period, and ends cleanly', async () => {
  const { lines, codes, ended, stop } = run('--every', '1s', '--json');
  await vi.waitFor(() => expect(lines).toHaveLength(3), { timeout: 10_000 });
  stop();
  await ended;
  const [start, ...changes] = lines.map((line) => JSON.parse(line));
  expect(start.targets).toBe('127.0.32.1-20');
  expect(changes).toEqual(
    changes.map(() => ({ at: expect.any(String), change: expect.any(String) })),
  );
  expect(codes).toEqual([0]);
});

test('--once changes the one that runs', async () => {
  const running = run();
  await vi.waitFor(() => expect(running.lines.length).toBeGreaterThan(1));
  const once = run('--once');
  await once.ended;
  expect(once.codes).toEqual([0]);
  expect(once.lines).toHaveLength(1);
  const [, change = 'nothing'] = once.lines[0]?.split('  ') ?? [];
  expect(running.lines.at(-1)).toContain(change);
  running.stop();
  await running.ended;
});

test('--once without one says how to start it', async () => {
  const { complaints, codes, ended } = run('--once');
  await ended;
  expect(complaints).toEqual(['No playground runs. Start one first: netdelta playground']);
  expect(codes).toEqual([3]);
});

test.each([
  ['--every', '0s'],
  ['--every', 'soon'],
  ['--seed', '-1'],
  ['--prefix', '192.0.2'],
  ['--prefix', '127.0.1.1'],
  ['--prefix', '127.0.256'],
])('%s %s is refused', async (option, value) => {
  const { ended, complaints } = run(option, value);
  await expect(ended).rejects.toThrow(/Write a/);
  expect(complaints.join('')).toContain(option);
});
