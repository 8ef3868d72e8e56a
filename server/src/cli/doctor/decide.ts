import type { EngineAbility } from '../../engines/engine.ts';
import type { KeyUse } from '../../secrets/check-column.ts';
import { type Check, failed, ok, warning } from './check.ts';

const OLDEST_NODE = 24;

/** Whether this Node (`24.21.0`) can run NetDelta. */
export function decideNode(version: string): Check {
  const what = 'Node.js';
  if (Number.parseInt(version, 10) >= OLDEST_NODE) return ok(what, version);
  return failed(
    what,
    `${version} is too old`,
    `Start NetDelta with npm start or npx netdelta, which bring Node.js ${OLDEST_NODE}.`,
  );
}

/** Whose rights NetDelta has; `runAs`: whom root becomes. */
export function decideUser(root: boolean, runAs: string | null): Check {
  const what = 'user';
  if (!root) return ok(what, 'not root');
  if (runAs !== null) return ok(what, `root, which becomes ${runAs}`);
  return warning(
    what,
    'root: whoever takes over NetDelta has all of this machine',
    'Make a user (useradd --system netdelta), give it the data folder (chown -R), and set NETDELTA_RUN_AS=netdelta. Give nmap its own right to raw sockets, once: setcap cap_net_raw,cap_net_admin,cap_net_bind_service+eip "$(command -v nmap)"',
  );
}

/** What an engine can do here; its note says how to get more. */
export function decideEngine({ name, available, version, privileged, note }: EngineAbility): Check {
  const what = `engine ${name}`;
  if (!available) return warning(what, 'not available', note);
  if (name === 'connect') return ok(what, 'always there: plain TCP connects');
  if (privileged) return ok(what, `${version}, with raw sockets. ${note}`);
  return warning(what, `${version}, without raw sockets`, note);
}

const MB = 1024 ** 2;
const LEAST_FREE = 200 * MB;
const GOOD_FREE = 2048 * MB;

/** Whether `free` bytes are enough for a database that grows. */
export function decideFreeSpace(folder: string, free: number): Check {
  const what = 'free space';
  const message = `${Math.floor(free / MB).toLocaleString('en')} MB for ${folder}`;
  const remedy = 'Make room, or move the data: NETDELTA_DATA_DIR names the folder.';
  if (free < LEAST_FREE) return failed(what, message, remedy);
  return free < GOOD_FREE ? warning(what, message, remedy) : ok(what, message);
}

/** Whether others may read a secret, given its file's mode (stat(2)); null: there is no file yet. */
export function decideKeyMode(file: string, mode: number | null): Check {
  const what = 'secret key';
  if (mode === null) return ok(what, 'will be made at the first start');
  if ((mode & 0o077) === 0) return ok(what, `${file}, readable by its owner alone`);
  const shown = (mode & 0o777).toString(8).padStart(4, '0');
  return failed(
    what,
    `${file} can be read by others (mode ${shown})`,
    `Run: chmod 600 '${file}'. If others may have read it, exchange it, too: netdelta secrets rotate`,
  );
}

/** Whether what is stored sealed can be read with the keys that are given. */
export function decideStoredSecrets({ lost, earlier }: KeyUse): Check {
  const what = 'stored secrets';
  const unreadable = [...lost.values()].reduce((sum, count) => sum + count, 0);
  if (unreadable > 0)
    return failed(
      what,
      `${unreadable} cannot be read: their secret key is missing (${[...lost.keys()].join(', ')})`,
      'Give it in NETDELTA_OLD_SECRET_KEYS; "netdelta secrets check" says whose they are.',
    );
  if (earlier === 0) return ok(what, 'sealed with the secret key of now');
  const message = `${earlier} are sealed with an earlier secret key`;
  return warning(what, message, 'Run: netdelta secrets rotate');
}

/** Compares the clock with a moment that has surely passed, such as when the program was installed. Both in ms. */
export function decideClock(now: number, passed: number): Check {
  const what = 'clock';
  const shown = new Date(now).toISOString();
  if (now >= passed) return ok(what, `${shown}, time zone ${zone()}`);
  return failed(
    what,
    `${shown} is before this program was installed (${new Date(passed).toISOString()})`,
    'Set the clock (timedatectl set-ntp true): schedules and the times of changes depend on it.',
  );
}

function zone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone;
}
