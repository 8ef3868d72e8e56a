import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const NETDELTA = join(import.meta.dirname, '../../server/bin/netdelta.mjs');
const ADMIN = { email: 'bench@example.org', password: 'correct horse battery' };

/** NetDelta as `npm start` runs it, on a data folder of its own, and somebody logged in to its site. */
export interface RunningNetDelta {
  /** Ends with a slash. */
  readonly url: string;
  /** The cookie of the owner of the site `main`. */
  readonly cookie: string;
  readonly stop: () => Promise<void>;
}

export async function startNetDelta(folder: string): Promise<RunningNetDelta> {
  const child = spawn(process.execPath, [NETDELTA, 'start'], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      ...process.env,
      PORT: '0',
      NETDELTA_DATA_DIR: folder,
      NETDELTA_ADMIN_EMAIL: ADMIN.email,
      NETDELTA_ADMIN_PASSWORD: ADMIN.password,
      NETDELTA_TRUSTED_PROXIES: '127.0.0.1/32',
      LOG_LEVEL: 'fatal',
    },
  });
  const url = await readUrl(child);
  return { url, cookie: await login(url), stop: () => stop(child) };
}

async function readUrl(child: ChildProcess): Promise<string> {
  if (!child.stdout) throw new Error('NetDelta has no output');
  const lines = createInterface(child.stdout);
  for await (const line of lines) {
    const url = /is ready: (\S+)/.exec(line)?.[1];
    if (url) return url;
  }
  throw new Error('NetDelta ended before it was ready');
}

async function login(url: string): Promise<string> {
  const answer = await fetch(`${url}main/api/v1/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(ADMIN),
  });
  if (!answer.ok) throw new Error(`cannot log in: ${answer.status} ${await answer.text()}`);
  return answer.headers
    .getSetCookie()
    .map((cookie) => cookie.split(';')[0])
    .join('; ');
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  child.kill('SIGTERM');
  await once(child, 'exit');
}
