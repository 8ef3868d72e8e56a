import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Cost, median, renderTable, runCommand } from '../measure.ts';
import { writeScan } from '../networks/write-scan.ts';

const READER = join(import.meta.dirname, '../../server/src/formats/testing/read-file.ts');
const TIMES = 3;

/**
 * Reading nmap XML, hosts and all, against saxes alone with no listener, which is the floor of any
 * reader built on it. Start-up is part of the time. Words: numbers of hosts.
 */
export async function run(words: readonly string[]): Promise<void> {
  const sizes = words.length > 0 ? words.map(Number) : [4_096, 65_536];
  const folder = await mkdtemp(join(tmpdir(), 'netdelta-bench-'));
  const rows: string[][] = [];
  for (const hosts of sizes) rows.push(await compare(hosts, folder));
  await rm(folder, { recursive: true });
  const head = [
    ...['hosts', 'file MB', 'saxes s', 'netdelta s', 'times faster'],
    ...['saxes MB/s', 'netdelta MB/s', 'saxes memory MB', 'netdelta memory MB'],
  ];
  process.stdout.write(`${renderTable(head, rows)}\n`);
}

async function compare(hosts: number, folder: string): Promise<string[]> {
  const file = join(folder, `${hosts}.xml`);
  await writeScan(file, { hosts, services: 8, night: 1, changed: 0.01 });
  const size = (await stat(file)).size / 2 ** 20;
  const theirs = await repeat('saxes', file);
  const ours = await repeat('ours', file);
  return [
    String(hosts),
    size.toFixed(0),
    (theirs.ms / 1000).toFixed(2),
    (ours.ms / 1000).toFixed(2),
    (theirs.ms / ours.ms).toFixed(1),
    ((size / theirs.ms) * 1000).toFixed(0),
    ((size / ours.ms) * 1000).toFixed(0),
    theirs.memory.toFixed(0),
    ours.memory.toFixed(0),
  ];
}

async function repeat(by: 'ours' | 'saxes', file: string): Promise<Pick<Cost, 'ms' | 'memory'>> {
  const costs: Cost[] = [];
  for (let time = 0; time < TIMES; time += 1)
    costs.push(await runCommand(process.execPath, [READER, by, file]));
  const wrong = costs.find(({ code }) => code !== 0);
  if (wrong) throw new Error(`reading by ${by} ended with ${wrong.code}`);
  return {
    ms: median(costs.map(({ ms }) => ms)),
    memory: median(costs.map(({ memory }) => memory)),
  };
}
