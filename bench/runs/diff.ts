import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Cost, median, renderTable, runCommand } from '../measure.ts';
import { writeScan } from '../networks/write-scan.ts';

const NETDELTA = join(import.meta.dirname, '../../server/bin/netdelta.mjs');

/**
 * `netdelta diff` against ndiff over the same two files. Words: numbers of hosts; behind a colon the
 * share of them that changed (0.01 when there is none, 1: the worst case).
 */
export async function run(words: readonly string[]): Promise<void> {
  const sizes = words.length > 0 ? words : ['256', '4096', '4096:1', '65536'];
  const folder = await mkdtemp(join(tmpdir(), 'netdelta-bench-'));
  const rows: string[][] = [];
  for (const size of sizes) rows.push(await compare(size, folder));
  await rm(folder, { recursive: true });
  const head = [
    'hosts',
    'changed',
    'ndiff s',
    'netdelta s',
    'times faster',
    'ndiff MB',
    'netdelta MB',
    'part',
  ];
  process.stdout.write(`${renderTable(head, rows)}\n`);
}

async function compare(size: string, folder: string): Promise<string[]> {
  const [hosts = 0, changed = 0.01] = size.split(':').map(Number);
  const files = [join(folder, 'before.xml'), join(folder, 'after.xml')];
  for (const [night, file] of files.entries())
    await writeScan(file, { hosts, services: 8, night, changed });
  const times = hosts > 10_000 ? 1 : 5;
  const theirs = await repeat(times, () => runCommand('ndiff', files));
  const ours = await repeat(times, () =>
    runCommand(process.execPath, [NETDELTA, 'diff', ...files]),
  );
  return [
    String(hosts),
    `${changed * 100} %`,
    (theirs.ms / 1000).toFixed(2),
    (ours.ms / 1000).toFixed(2),
    (theirs.ms / ours.ms).toFixed(1),
    theirs.memory.toFixed(0),
    ours.memory.toFixed(0),
    (ours.memory / theirs.memory).toFixed(2),
  ];
}

async function repeat(times: number, work: () => Promise<Cost>): Promise<Cost> {
  const costs: Cost[] = [];
  for (let time = 0; time < times; time += 1) costs.push(await work());
  const wrong = costs.find(({ code }) => code !== 1);
  if (wrong) throw new Error(`a comparison ended with ${wrong.code}, not with 1`);
  return {
    ms: median(costs.map(({ ms }) => ms)),
    memory: median(costs.map(({ memory }) => memory)),
    code: 1,
  };
}
