import { lookup } from 'node:dns/promises';
import type { ScanProblem } from '../db/tables.ts';
import { canonicalAddress } from '../formats/address.ts';

/** The addresses of host names (address → name), and a problem for each name that has none. */
export type NameResolver = (names: readonly string[]) => Promise<{
  found: Map<string, string>;
  problems: ScanProblem[];
}>;

const RESOLVE_TIMEOUT_MS = 10_000;

/** Resolves by the system's resolver, all at once, 10 s for each; all addresses of both families. */
export const resolveBySystem: NameResolver = async (names) => {
  const found = new Map<string, string>();
  const problems: ScanProblem[] = [];
  const answers = await Promise.allSettled(names.map(resolveOne));
  for (const [index, answer] of answers.entries()) {
    const name = names[index] as string;
    if (answer.status === 'fulfilled')
      for (const { address } of answer.value) found.set(canonicalAddress(address) ?? address, name);
    else problems.push({ what: name, message: describeFailure(answer.reason) });
  }
  return { found, problems };
};

function resolveOne(name: string) {
  const { promise: tooLate, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error('no answer')), RESOLVE_TIMEOUT_MS);
  return Promise.race([lookup(name, { all: true }), tooLate]).finally(() => clearTimeout(timer));
}

function describeFailure(error: Error & { code?: string }): string {
  const why = error.code === 'ENOTFOUND' ? 'it is not known' : (error.code ?? error.message);
  return `The host name does not resolve (${why}); the rest was scanned. Check its spelling and this machine's DNS.`;
}
