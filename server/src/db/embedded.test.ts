import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Client } from 'pg';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startEmbedded } from './embedded.ts';
import { startOf } from './folder-lock.ts';

const log = pino({ level: 'silent' });
const PROGRAM = path.join(import.meta.dirname, 'testing', 'hold-embedded.ts');

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'netdelta-test-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const start = () => startEmbedded(folder, { log, volatile: true });

async function ask(url: string, text: string): Promise<Record<string, unknown>[]> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 2_000 });
  await client.connect();
  try {
    return (await client.query(text)).rows;
  } finally {
    await client.end();
  }
}

/** A NetDelta of its own process that holds the folder; answers with its database's URL. */
async function holdElsewhere(): Promise<{ child: ChildProcess; url: string }> {
  const child = spawn(process.execPath, [PROGRAM, folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = await once(child.stdout as NonNullable<typeof child.stdout>, 'data');
  return { child, url: String(line).trim() };
}

const postmasterPid = async () =>
  Number.parseInt(await readFile(path.join(folder, 'postgres', 'postmaster.pid'), 'utf8'), 10);

describe('startEmbedded', () => {
  it('keeps the data from one start to the next, and leaves nothing running', async () => {
    const first = await start();
    await ask(first.url, 'create table kept as select 1 as one');
    const pid = await postmasterPid();
    await first.stop();
    expect(await startOf(pid)).toBeNull();
    const second = await start();
    expect(await ask(second.url, 'select one from kept')).toEqual([{ one: 1 }]);
    await second.stop();
  });

  it('speaks UTF-8 and listens on no network', async () => {
    const { url, stop } = await start();
    const [settings] = await ask(
      url,
      `select current_setting('listen_addresses') as addresses, current_setting('server_encoding') as encoding`,
    );
    expect(settings).toEqual({ addresses: '', encoding: 'UTF8' });
    await stop();
  });

  it('refuses a folder that another process holds, naming both', async () => {
    const { child } = await holdElsewhere();
    await expect(start()).rejects.toThrow(
      `${folder} is in use by another NetDelta (process ${child.pid})`,
    );
    const ended = once(child, 'exit');
    child.kill('SIGTERM');
    await ended;
    await (await start()).stop();
  });

  it('takes over from a killed one: nothing committed is lost, nothing is left behind', async () => {
    const { child, url } = await holdElsewhere();
    await ask(url, 'create table kept as select 1 as one');
    const oldSocketFolder = decodeURIComponent(/host=([^&]*)/.exec(url)?.[1] ?? '');
    const oldPid = await postmasterPid();
    const killed = once(child, 'exit');
    child.kill('SIGKILL');
    await killed;
    const { url: newUrl, stop } = await start();
    expect(await ask(newUrl, 'select one from kept')).toEqual([{ one: 1 }]);
    expect(await startOf(oldPid)).toBeNull();
    expect(existsSync(oldSocketFolder)).toBe(false);
    await stop();
  });

  it('begins anew when its first start was cut off', async () => {
    await mkdir(path.join(folder, 'postgres.new', 'base'), { recursive: true });
    const { stop } = await start();
    await stop();
  });

  it('does not believe a pid file whose number is now another program', async () => {
    await (await start()).stop();
    const data = path.join(folder, 'postgres');
    await writeFile(path.join(data, 'postmaster.pid'), `${process.pid}\n${data}\n`);
    await (await start()).stop();
  });

  it('comes back under the same URL when Postgres is killed', async () => {
    const { url, stop } = await start();
    const oldPid = await postmasterPid();
    process.kill(oldPid, 'SIGKILL');
    await expect.poll(() => startOf(oldPid), { timeout: 5_000 }).toBeNull();
    await expect
      .poll(() => ask(url, 'select 1 as one').catch(() => 'away'), { timeout: 20_000 })
      .toEqual([{ one: 1 }]);
    await stop();
  });

  it('refuses the data of another Postgres version, and leaves it alone', async () => {
    await mkdir(path.join(folder, 'postgres'));
    await writeFile(path.join(folder, 'postgres', 'PG_VERSION'), '17\n');
    await expect(start()).rejects.toThrow('is from Postgres 17; this NetDelta brings 18');
    expect(existsSync(path.join(folder, 'netdelta.pid'))).toBe(false);
  });

  it('works in a folder with a long name', async () => {
    const long = path.join(folder, 'n'.repeat(120));
    const { url, stop } = await startEmbedded(long, { log, volatile: true });
    expect(await ask(url, 'select 1 as one')).toEqual([{ one: 1 }]);
    await stop();
  });
});
