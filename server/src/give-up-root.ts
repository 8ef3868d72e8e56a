import { execFile } from 'node:child_process';
import { access, chown, constants, mkdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import type { Config } from './config.ts';
import { findPostgres } from './db/embedded-files.ts';

const execute = promisify(execFile);

/** NETDELTA_RUN_AS cannot be followed; the message says why and what to do. */
export class RunAsError extends Error {
  override readonly name = 'RunAsError';
  readonly code = 'run-as';
  readonly retryable = false;
}

/**
 * Where root started us, becomes the user of NETDELTA_RUN_AS, for good and with all that is started
 * from here on, in its own group alone. Raw sockets are then left to nmap, by its file capabilities.
 * @throws RunAsError
 */
export async function giveUpRoot({ runAs, dataDir }: Pick<Config, 'runAs' | 'dataDir'>) {
  if (runAs === null || process.geteuid?.() !== 0) return;
  const user = await findUser(runAs);
  // What of the packages has to be put in order at the first start is theirs who installed them.
  await findPostgres();
  await prepareFolder(dataDir, user);
  process.setgroups?.([user.gid]);
  process.setgid?.(user.gid);
  process.setuid?.(user.uid);
  if (process.getuid?.() !== user.uid || process.geteuid?.() !== user.uid)
    throw new RunAsError(`NETDELTA_RUN_AS: this system did not let root become ${runAs}.`);
  await requireReach(
    runAs,
    import.meta.dirname,
    'the program',
    'Install it where everybody may read',
  );
  await requireReach(runAs, dataDir, 'the data folder', 'Choose another one: NETDELTA_DATA_DIR');
}

/** A folder above may be closed to others, as /root is. */
async function requireReach(name: string, place: string, what: string, remedy: string) {
  await access(place, constants.R_OK | constants.X_OK).catch((cause) => {
    throw new RunAsError(`NETDELTA_RUN_AS: ${name} cannot reach ${what}, ${place}. ${remedy}.`, {
      cause,
    });
  });
}

interface User {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

async function findUser(name: string): Promise<User> {
  const ask = async (option: '-u' | '-g') => {
    const { stdout } = await execute('id', [option, '--', name]);
    return Number(stdout);
  };
  try {
    const user = { name, uid: await ask('-u'), gid: await ask('-g') };
    if (user.uid > 0) return user;
  } catch (cause) {
    throw new RunAsError(
      `NETDELTA_RUN_AS: there is no user ${name} here. Make one: useradd --system ${name}`,
      { cause },
    );
  }
  throw new RunAsError('NETDELTA_RUN_AS: that is root itself. Name another user.');
}

/** A new data folder is theirs; one that was root's is not given away without being asked. */
async function prepareFolder(dataDir: string, { name, uid, gid }: User): Promise<void> {
  const made = await mkdir(dataDir, { recursive: true, mode: 0o700 });
  if (made !== undefined) return chown(dataDir, uid, gid);
  for (const place of [dataDir, path.join(dataDir, 'postgres'), path.join(dataDir, 'secret-key')]) {
    const found = await stat(place).catch(() => null);
    if (found && found.uid !== uid) throw notTheirs(dataDir, name);
  }
}

function notTheirs(dataDir: string, name: string): RunAsError {
  return new RunAsError(
    `NETDELTA_RUN_AS: ${dataDir} does not belong to ${name}. Stop NetDelta, then run: chown -R ${name} '${dataDir}'`,
  );
}
