// Plain JavaScript: reading one TypeScript file without the cache costs more than all the rest.
import { existsSync, lstatSync, mkdirSync, realpathSync } from 'node:fs';
import module from 'node:module';
import { homedir } from 'node:os';
import path from 'node:path';

const WRITABLE_BY_OTHERS = 0o022;
const STICKY = 0o1000;

/**
 * Lets Node keep what it compiled, so that commands start in a fraction of the time: below
 * `XDG_CACHE_HOME`, else `~/.cache`. Node runs what it finds there unchecked, so it has to be a
 * folder into which nobody else can write. Where there is none, nothing is kept and nothing is said:
 * everything works, only slower. `NODE_COMPILE_CACHE` names another place, as everywhere in Node.
 * @param {NodeJS.ProcessEnv} environment
 */
export function enableCompileCache(environment) {
  if (environment.NODE_COMPILE_CACHE) return;
  const folder = makeOwnFolder(
    path.join(environment.XDG_CACHE_HOME || path.join(homedir(), '.cache'), 'netdelta', 'compiled'),
  );
  if (folder) module.enableCompileCache(folder);
}

/**
 * Makes a folder for this user alone; null where that cannot be, or where others could write.
 * @param {string} folder
 * @returns {string | null}
 */
export function makeOwnFolder(folder) {
  try {
    if (!path.isAbsolute(folder)) return null;
    for (const place of listWay(folder).reverse()) makeFolder(place);
    const real = realpathSync(folder);
    return listWay(real).every((place) => isOurs(lstatSync(place), place === real)) ? real : null;
  } catch {
    return null;
  }
}

/** One level alone: mkdir's own recursion never ends where the kernel refuses folders (/proc). */
function makeFolder(place) {
  if (!existsSync(place)) mkdirSync(place, { mode: 0o700 });
}

/** The folder and all those above it. */
function listWay(folder) {
  const above = path.dirname(folder);
  return above === folder ? [folder] : [folder, ...listWay(above)];
}

/** Of a folder above, others may at most add to it (sticky, like /tmp): what is ours stays ours. */
function isOurs({ uid, mode }, last) {
  const self = process.getuid?.() ?? uid;
  const owned = uid === self || (!last && uid === 0);
  return owned && ((mode & WRITABLE_BY_OTHERS) === 0 || (!last && (mode & STICKY) !== 0));
}
