import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import type { EngineAbility } from '../engine.ts';
import { canConfine, findExecutable } from '../process.ts';

const execute = promisify(execFile);

const INSTALL =
  'Install it: apt-get install nmap (Debian, Ubuntu), dnf install nmap (Fedora), apk add nmap (Alpine), brew install nmap (macOS).';
const NET_RAW = 13n;
/** getcap is often not in a user's PATH. */
const GETCAP = ['getcap', '/usr/sbin/getcap', '/sbin/getcap'];

export interface DetectRequest {
  /** Name or path of the program. */
  readonly path: string;
  readonly environment: NodeJS.ProcessEnv;
}

/** What of this process decides which rights its children have (proc(5), capabilities(7)). */
export interface ProcessRights {
  readonly root: boolean;
  /** `/proc/self/status`, or null where there is none. */
  readonly status: string | null;
  /** What getcap says of the program. */
  readonly fileCapabilities: string;
}

/** Looks for nmap: its version, and whether it may send raw packets. Sends none. */
export async function detectNmap({ path, environment }: DetectRequest): Promise<EngineAbility> {
  const found = findExecutable(path, environment);
  if (!found) return missing(`nmap was not found ("${path}"). ${INSTALL}`);
  const version = await readVersion(found);
  if (version === null)
    return missing(`${found} does not answer --version as nmap does. ${INSTALL}`);
  const rights = await readRights(found, environment);
  const privileged = decidePrivileged(rights);
  const confined = privileged && (await canConfine(found, ['--version'], environment));
  const note = privileged
    ? `SYN scans, UDP, OS detection and ICMP discovery are possible.${describeRoot(rights.root, confined)}`
    : `Only TCP connect scans: for SYN scans, UDP, OS detection and ICMP run NetDelta as root, or once: setcap cap_net_raw,cap_net_admin,cap_net_bind_service+eip ${found}`;
  return { name: 'nmap', available: true, version, privileged, confined, note };
}

function describeRoot(root: boolean, confined: boolean): string {
  if (!root) return '';
  return confined
    ? ' It runs as nobody, with raw sockets and no other right of root.'
    : ' It runs with all rights of root, for setpriv (util-linux) cannot take them away here.';
}

function missing(note: string): EngineAbility {
  return { name: 'nmap', available: false, version: null, privileged: false, note };
}

async function readVersion(path: string): Promise<string | null> {
  try {
    const { stdout } = await execute(path, ['--version'], {
      timeout: 10_000,
      killSignal: 'SIGKILL',
    });
    return /Nmap version (\S+)/.exec(stdout)?.[1] ?? null;
  } catch {
    return null;
  }
}

async function readRights(path: string, environment: NodeJS.ProcessEnv): Promise<ProcessRights> {
  const root = process.geteuid?.() === 0;
  const status = await readFile('/proc/self/status', 'utf8').catch(() => null);
  return { root, status, fileCapabilities: root ? '' : await readCapabilities(path, environment) };
}

async function readCapabilities(path: string, environment: NodeJS.ProcessEnv): Promise<string> {
  const getcap = GETCAP.map((name) => findExecutable(name, environment)).find(Boolean);
  if (!getcap) return '';
  return execute(getcap, [path], { timeout: 5000 }).then(
    ({ stdout }) => stdout,
    () => '',
  );
}

/**
 * Whether a child may open raw sockets: root's children keep its effective capabilities; those of
 * others only the ambient ones, or the file's own unless new privileges are forbidden.
 */
export function decidePrivileged({ root, status, fileCapabilities }: ProcessRights): boolean {
  if (status === null) return root;
  if (root) return hasNetRaw(status, 'CapEff');
  if (hasNetRaw(status, 'CapAmb')) return true;
  const forbidden = /^NoNewPrivs:\s*1/m.test(status) || !hasNetRaw(status, 'CapBnd');
  return !forbidden && /cap_net_raw\S*[+=]\S*e/.test(fileCapabilities);
}

function hasNetRaw(status: string, set: string): boolean {
  const mask = new RegExp(`^${set}:\\s*([0-9a-f]+)`, 'm').exec(status)?.[1];
  return mask !== undefined && ((BigInt(`0x${mask}`) >> NET_RAW) & 1n) === 1n;
}
