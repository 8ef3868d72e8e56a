import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';

/** What a command took. */
export interface Cost {
  /** Milliseconds from start to exit. */
  readonly ms: number;
  /** The most memory that its process held, MB (VmHWM). */
  readonly memory: number;
  readonly code: number | null;
}

const LOOK_MS = 10;
const MOST_MS = 600_000;

/** Runs a command to its end, its output thrown away. */
export async function runCommand(command: string, args: readonly string[]): Promise<Cost> {
  const started = performance.now();
  const child = spawn(command, args, { stdio: 'ignore', timeout: MOST_MS });
  let ended = false;
  const exit = once(child, 'exit').finally(() => {
    ended = true;
  });
  let memory = 0;
  while (!ended) {
    memory = (await readPeak(child.pid)) ?? memory;
    await Promise.race([exit, sleep(LOOK_MS)]);
  }
  await exit;
  return { ms: performance.now() - started, memory, code: child.exitCode };
}

async function readPeak(pid: number | undefined): Promise<number | undefined> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  const kilobytes = /^VmHWM:\s+(\d+) kB/m.exec(status)?.[1];
  return kilobytes === undefined ? undefined : Number(kilobytes) / 1024;
}

/** The middle of some figures. */
export function median(figures: readonly number[]): number {
  return [...figures].sort((a, b) => a - b)[figures.length >> 1] ?? Number.NaN;
}

/** A table in Markdown. */
export function renderTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
