import type { ServiceFacts } from '../snapshot/snapshot.ts';

/** Names that nmap gives when a probe did not get far enough to tell more. */
const VAGUE_NAMES: ReadonlySet<string> = new Set(['ssl', 'unknown', 'tcpwrapped']);

/** The texts that tell one product from another; the rest of ServiceFacts is detail. */
const TELLING = ['name', 'product', 'version', 'tunnel'] as const;

/** True when the facts say nothing about what listens: guessed from the port table, or a probe that got no answer. */
export function isGuess(facts: ServiceFacts | undefined): boolean {
  return !facts || facts.method === 'table' || facts.name === 'tcpwrapped';
}

/**
 * True when both may describe the same service: one is a guess, or a less detailed form of the other.
 * Version detection that timed out (guessed name, `tcpwrapped`, `ssl`) is therefore never a change.
 */
export function isSameService(a: ServiceFacts | undefined, b: ServiceFacts | undefined): boolean {
  if (!a || !b || isGuess(a) || isGuess(b)) return true;
  if (isVague(a) || isVague(b)) return true;
  return TELLING.every((field) => isSameText(a[field], b[field]));
}

/** Joins two descriptions of the same service: every text in its most detailed form, the newer one on a tie. */
export function joinServices(
  older: ServiceFacts | undefined,
  newer: ServiceFacts | undefined,
): ServiceFacts | undefined {
  if (!older || !newer) return newer ?? older;
  if (isGuess(newer) || (isVague(newer) && !isGuess(older))) return older;
  if (isGuess(older) || isVague(older)) return newer;
  const version = longer(older.version, newer.version);
  return { ...older, ...newer, ...(version === undefined ? {} : { version }) };
}

function isVague(facts: ServiceFacts): boolean {
  return !facts.product && (!facts.name || VAGUE_NAMES.has(facts.name));
}

function isSameText(a: string | undefined, b: string | undefined): boolean {
  if (!a || !b || a === b) return true;
  return isBeginning(a, b) || isBeginning(b, a);
}

/** `2.4` begins `2.4.57` and `9.2` begins `9.2p1`, but `1.2` does not begin `1.24`. */
function isBeginning(short: string, long: string): boolean {
  if (!long.startsWith(short)) return false;
  const next = long.charAt(short.length);
  return !/[0-9a-z]/i.test(next) || (/\d$/.test(short) && /[a-z]/i.test(next));
}

function longer(older: string | undefined, newer: string | undefined): string | undefined {
  if (!older || !newer) return newer ?? older;
  return older.length > newer.length ? older : newer;
}
