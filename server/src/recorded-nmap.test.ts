import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { judgeWords, NASTY } from './engines/nmap/testing/judge-words.ts';
import { startWorkers } from './features.ts';
import { createWholeServer, type WholeServer } from './testing/create-whole-server.ts';

/** Writes down each of its words, ended by NUL, and finds nothing. */
const FAKE = `#!/bin/sh
if [ "$1" = --version ]; then echo "Nmap version 7.93"; exit; fi
printf '%s\\0' "$@" CALL-ENDS >> "$(dirname "$0")/words"
cat <<END
<?xml version="1.0"?>
<nmaprun scanner="nmap" args="nmap" start="1" version="7.93" xmloutputversion="1.05">
<runstats><finished time="2" exit="success"/><hosts up="0" down="0" total="0"/></runstats>
</nmaprun>
END
`;

let folder: string;
let server: WholeServer;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'netdelta-nmap-'));
  await writeFile(path.join(folder, 'nmap'), FAKE, { mode: 0o755 });
  vi.stubEnv('PATH', `${folder}:${process.env.PATH}`);
  server = await createWholeServer();
  await startWorkers(server.parts);
});
afterAll(async () => {
  await server.close();
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

const post = async (place: string, payload: object) => {
  const headers = { cookie: server.cookieOf('owner'), 'sec-fetch-site': 'same-origin' };
  return server.app.inject({ method: 'POST', url: `/main/api/v1/${place}`, headers, payload });
};

/** Saves a profile and a group, and starts a scan, as far as each is taken. */
async function scan(options: object, targets: string): Promise<'taken' | 'refused'> {
  const name = `x ${Math.random()}`;
  const profile = await post('profiles', { name, options: { engine: 'nmap', ...options } });
  if (profile.statusCode !== 201) return refused(profile.statusCode);
  const group = await post('groups', { name, targets, profileId: profile.json().id });
  if (group.statusCode !== 201) return refused(group.statusCode);
  const started = await post('scans', { groupId: group.json().id });
  return started.statusCode < 300 ? 'taken' : refused(started.statusCode);
}

function refused(status: number): 'refused' {
  expect(Math.floor(status / 100)).toBe(4);
  return 'refused';
}

async function readCalls(): Promise<string[][]> {
  const words = (await readFile(path.join(folder, 'words'), 'utf8')).split('\0').slice(0, -1);
  const calls: string[][] = [];
  for (let rest = words; rest.length > 0; ) {
    const end = rest.indexOf('CALL-ENDS');
    calls.push(rest.slice(0, end));
    rest = rest.slice(end + 1);
  }
  return calls;
}

it('whatever is sent to the API, nmap is given our options and IP addresses', async () => {
  const outcomes = [];
  for (const [index, nasty] of NASTY.entries()) {
    // A distinct address each, so that every call can be told from the others.
    const here = `127.0.77.${index + 1}`;
    const list = (ports: string) => ({ kind: 'list', ports });
    const [options, targets] = [
      [{ scripts: [nasty] }, here],
      [{ tcp: list(nasty) }, here],
      [{ discovery: { kind: 'probes', tcpSynPorts: nasty } }, here],
      [{ scripts: ['banner'] }, `${here}\n${nasty}`],
      [{ maxRate: nasty, timing: nasty }, here],
      [{ tcp: list('22'), scripts: ['banner'], [nasty]: nasty }, here],
    ][index % 6] as [object, string];
    outcomes.push(await scan(options, targets));
  }
  expect(await scan({ tcp: { kind: 'all' }, scripts: ['ssl-cert'] }, '127.0.77.250')).toBe('taken');
  expect(outcomes.filter((one) => one === 'refused').length).toBeGreaterThan(NASTY.length / 2);
  const taken = 1 + outcomes.filter((one) => one === 'taken').length;
  expect(taken).toBeGreaterThan(2);

  await vi.waitUntil(async () => (await readCalls()).length >= taken, { timeout: 20_000 });
  for (const call of await readCalls()) {
    const addresses = call.filter((word) => /^127\.0\.77\.\d+$/.test(word));
    expect(addresses.length).toBeGreaterThan(0);
    expect(judgeWords(call, addresses)).toEqual([]);
  }
});
