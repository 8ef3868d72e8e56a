import type { ProductName } from '../../server/src/playground/products.ts';

/**
 * How a host of the lab treats what is asked of it: closed ports refused (`rejecting`, and `speaking`
 * when its services greet as well), left without an answer (`filtering`), refused a few times a second
 * only (`limited`); answers to ping and nothing else (`pingOnly`); every port open (`tarpit`).
 */
export type HostKind = 'rejecting' | 'speaking' | 'filtering' | 'limited' | 'pingOnly' | 'tarpit';

/** What a service says to whoever connects; null listens and says nothing. */
export type Speech = { readonly product: ProductName; readonly version: string } | null;

/** A namespace of its own on the scanner's own segment, so that its MAC is seen. */
export interface Leaf {
  /** `leaf1`, `leaf2` … */
  readonly name: string;
  readonly mac: string;
}

/** What is really so of one address. A host that is not up keeps its services for when it is back. */
export interface TrueHost {
  readonly address: string;
  /** The same wherever the host moves. */
  readonly name: string;
  readonly kind: HostKind;
  readonly up: boolean;
  readonly services: ReadonlyMap<number, Speech>;
  /** Ports that stay silent though the host refuses its other ones. */
  readonly silent: ReadonlySet<number>;
  readonly leaf?: Leaf;
}

/** By address; what is not in it is not there. */
export type Truth = ReadonlyMap<string, TrueHost>;

/** The hosts that are up. */
export function listUp(truth: Truth): TrueHost[] {
  return [...truth.values()].filter(({ up }) => up);
}

/** The open ports as a scanner should see them; those of a tarpit are all, and not listed. */
export function listOpen({ up, kind, services }: TrueHost): number[] {
  return up && kind !== 'tarpit' && kind !== 'pingOnly'
    ? [...services.keys()].sort((a, b) => a - b)
    : [];
}
