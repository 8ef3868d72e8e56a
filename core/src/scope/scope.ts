import type { AddressRange } from '../target/address-range.ts';
import type { Target } from '../target/target.ts';
import { cutRanges, isWithin, mergeRanges, rangesOf } from '../target/target-ranges.ts';

/** Who laid an entry upon a site: its own people, or the platform's administrators, whom they cannot overrule. */
export const SCOPE_LAYERS = ['platform', 'site'] as const;
export type ScopeLayer = (typeof SCOPE_LAYERS)[number];

/** Targets that a site is authorised to scan, and until when. */
export interface ScopeEntry {
  readonly laidBy: ScopeLayer;
  readonly targets: readonly Target[];
  /** The last day on which it holds, `2026-11-24`, by the site's calendar; null: until it is taken back. */
  readonly validUntil: string | null;
}

/** What one layer allows, and what it allowed until it expired. Ranges are merged. */
interface LayerReach {
  readonly ranges: readonly AddressRange[];
  readonly names: ReadonlySet<string>;
  readonly expired: readonly AddressRange[];
}

/** What a site may scan at one moment: what every one of these allows. None: everything. */
export type Scope = readonly LayerReach[];

/** Whether it holds on a day (`2026-11-24`): its last day is one of them. */
export function isValidOn(entry: Pick<ScopeEntry, 'validUntil'>, day: string): boolean {
  return entry.validUntil === null || day <= entry.validUntil;
}

/**
 * What a site may scan on a day of its calendar (`2026-11-24`). A layer without entries allows
 * everything; one whose entries have all expired, nothing.
 */
export function decideScope(entries: readonly ScopeEntry[], day: string): Scope {
  return SCOPE_LAYERS.flatMap((layer) => {
    const laid = entries.filter(({ laidBy }) => laidBy === layer);
    if (laid.length === 0) return [];
    const valid = targetsOf(laid.filter((entry) => isValidOn(entry, day)));
    const ended = targetsOf(laid.filter((entry) => !isValidOn(entry, day)));
    const ranges = mergeRanges(rangesOf(valid));
    const expired = cutRanges(mergeRanges(rangesOf(ended)), ranges);
    const names = new Set(valid.flatMap(({ kind, text }) => (kind === 'name' ? [text] : [])));
    return [{ ranges, names, expired }];
  });
}

function targetsOf(entries: readonly ScopeEntry[]): Target[] {
  return entries.flatMap(({ targets }) => targets);
}

/** What a scan would ask that it may not. */
export interface Outside {
  /** Without overlap; those of one family and layer in order. */
  readonly ranges: readonly AddressRange[];
  /** Which of them an authorisation held that has expired. */
  readonly expired: readonly AddressRange[];
}

/** What of merged ranges lies outside of a scope. One walk along both for each layer. */
export function findOutside(scope: Scope, asked: readonly AddressRange[]): Outside {
  let ranges: AddressRange[] = [];
  let expired: AddressRange[] = [];
  let inside = asked;
  for (const layer of scope) {
    const beyond = cutRanges(inside, layer.ranges);
    inside = cutRanges(inside, beyond);
    ranges = ranges.concat(beyond);
    expired = expired.concat(cutRanges(beyond, cutRanges(beyond, layer.expired)));
  }
  return { ranges, expired };
}

/**
 * Parts addresses (canonical text) by a scope. One that was found by a host name (`names`: address →
 * name) may be asked also where that name is authorised, wherever it leads.
 */
export function splitByScope(
  scope: Scope,
  addresses: readonly string[],
  names: Readonly<Record<string, string>> = {},
): { inside: string[]; outside: string[] } {
  if (scope.length === 0) return { inside: [...addresses], outside: [] };
  const inside: string[] = [];
  const outside: string[] = [];
  for (const address of addresses)
    (isInside(scope, address, names[address]) ? inside : outside).push(address);
  return { inside, outside };
}

function isInside(scope: Scope, address: string, name: string | undefined): boolean {
  return scope.every(
    ({ ranges, names }) => (name !== undefined && names.has(name)) || isWithin(ranges, address),
  );
}
