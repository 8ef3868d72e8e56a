import { Resolver } from 'node:dns/promises';

const TIMEOUT_MS = 2000;

/** The names that reverse DNS gives for an address; none when there are none or nobody answers. */
export async function selectNames(address: string): Promise<string[]> {
  const resolver = new Resolver({ timeout: TIMEOUT_MS, tries: 1 });
  return resolver.reverse(address).catch(() => []);
}
