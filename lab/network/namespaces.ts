import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { CommandFailed, runCommand } from './run-command.ts';

/** Network namespaces by name, as iproute2 keeps them. */
const FOLDER = '/run/netns';
const MARK = 'ndlab';

/** A name for one network, with the process that it lives and dies with. Two runs never have the same. */
export function nameNetwork(pid = process.pid): string {
  return `${MARK}-${pid}-${startOf(pid) ?? 0}-${randomBytes(3).toString('hex')}`;
}

/** The names of a network's namespaces that there are now. */
function listNamespaces(network: string): string[] {
  if (!existsSync(FOLDER)) return [];
  return readdirSync(FOLDER).filter((name) => name.startsWith(`${network}-`));
}

/** Of all names, those of networks whose process is gone; `startOf` as in /proc, undefined for none. */
export function findLeftOvers(
  names: readonly string[],
  start: (pid: number) => string | undefined,
): string[] {
  return names.filter((name) => {
    const [, pid, since] = new RegExp(`^${MARK}-(\\d+)-(\\d+)-[0-9a-f]+-`).exec(name) ?? [];
    return pid !== undefined && start(Number(pid)) !== since;
  });
}

/** Removes what runs that were killed have left behind. */
export async function removeLeftOvers(): Promise<void> {
  const names = existsSync(FOLDER) ? readdirSync(FOLDER) : [];
  await Promise.all(findLeftOvers(names, startOf).map(removeNamespace));
}

/** Removes the namespaces of a network, and with them the links and rules in them. */
export async function removeNetwork(network: string, except?: string): Promise<void> {
  const names = listNamespaces(network).filter((name) => name !== except);
  await Promise.all(names.map(removeNamespace));
}

/** A namespace lives as long as a process is in it: those in it are of the lab, and end first. */
async function removeNamespace(name: string): Promise<void> {
  try {
    const pids = (await runCommand(['ip', 'netns', 'pids', name])).split('\n').filter(Boolean);
    for (const pid of pids.map(Number)) if (pid !== process.pid) end(pid);
    await runCommand(['ip', 'netns', 'del', name]);
  } catch (error) {
    // Another run that cleans up as well was quicker.
    if (!(error instanceof CommandFailed) || existsSync(`${FOLDER}/${name}`)) throw error;
  }
}

function end(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}

/** When a process began, in clock ticks since the machine did (proc_pid_stat(5), field 22). */
function startOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The second field is the program's name in brackets, and may hold anything.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return undefined;
  }
}
