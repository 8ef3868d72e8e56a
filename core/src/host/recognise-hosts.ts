import { isBelievedUp } from '../evidence/doubt.ts';
import type { HostBelief } from './belief.ts';

/** A host as it is believed, wherever that is. */
export interface Acquaintance {
  readonly belief: HostBelief;
  /** By what it is recognised: identityKeys. */
  readonly keys: readonly string[];
  /** It is not at its address any more: silent there, or somebody else answers there. */
  readonly left: boolean;
}

/** Somebody who answers at an address. */
export interface Encounter {
  readonly address: string;
  readonly keys: readonly string[];
}

/**
 * Finds the hosts that are at another address than they are believed to be, by their new address.
 * A host is recognised only where nothing is left to guess: it alone is believed to have this
 * identity (one that is down gives way to one that is not), it is seen at this one address alone,
 * and it has left the one where it was. All others are no more than their addresses.
 */
export function recogniseHosts(
  known: readonly Acquaintance[],
  met: readonly Encounter[],
): ReadonlyMap<string, Acquaintance> {
  const knownBy = indexByKey(known);
  const metBy = indexByKey(met);
  const moved = new Map<string, Acquaintance>();
  for (const encounter of met) {
    const host = onlyOne(knownBy(encounter.keys));
    if (host?.left && metBy(host.keys).length === 1) moved.set(encounter.address, host);
  }
  return moved;
}

function onlyOne(known: readonly Acquaintance[]): Acquaintance | undefined {
  const up = known.filter(({ belief }) => isBelievedUp(belief));
  const [first, second] = up.length > 0 ? up : known;
  return second ? undefined : first;
}

/** Answers who has any of the keys. */
export function indexByKey<Item extends { readonly keys: readonly string[] }>(
  items: readonly Item[],
): (keys: readonly string[]) => readonly Item[] {
  const index = new Map<string, Item[]>();
  for (const item of items)
    for (const key of item.keys) {
      const own = index.get(key);
      if (own) own.push(item);
      else index.set(key, [item]);
    }
  return (keys) => [...new Set(keys.flatMap((key) => index.get(key) ?? []))];
}
