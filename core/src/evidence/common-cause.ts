import { ADDRESS_BITS, formatAddress, parseAddress } from '../target/address-range.ts';
import type { Finding } from './finding.ts';

/** So many hosts, and this share of those believed up, have to vanish together to be one event. */
const LEAST_HOSTS = 4;
const LEAST_SHARE = 0.2;

/** True when so many live hosts fell silent in one shard that they must have one cause. */
export function isMassLoss(vanished: number, believedUp: number): boolean {
  return vanished >= LEAST_HOSTS && vanished >= LEAST_SHARE * believedUp;
}

/** The hosts of which something stayed silent to the end, or could not be asked again at all. */
export function listSilenced(findings: readonly Finding[]): string[] {
  const silent = findings
    .filter((finding) => isSilence(finding) || finding.outcome === 'unasked')
    .map(({ doubt }) => doubt.address);
  return [...new Set(silent)];
}

/** True for a finding that rests on silence alone. */
export function isSilence({ doubt, outcome, answer }: Finding): boolean {
  const byAsking = outcome === 'confirmed' || outcome === 'undecided';
  return byAsking && answer === undefined && (doubt.kind === 'host' || doubt.kind === 'silent');
}

/**
 * Whether the scanner still sees, asked when something has fallen silent. `clear`: a sentinel
 * answers, or little is silent. `blind`: sentinels were asked and none answers: nothing may be
 * concluded from silence. `unproven`: much fell silent, and there is no sentinel that could be
 * asked: the silence counts like one that nobody asked about.
 */
export type PathState = 'clear' | 'blind' | 'unproven';

export function decidePath(massLoss: boolean, sentinels: readonly Finding[]): PathState {
  const asked = sentinels.filter(({ outcome }) => outcome !== 'unasked');
  if (asked.some(({ outcome }) => outcome === 'refuted')) return 'clear';
  if (asked.length > 0) return 'blind';
  return massLoss ? 'unproven' : 'clear';
}

/** Hosts that went together: the smallest prefix that holds them all, and no live host. */
export interface Outage {
  /** CIDR text. */
  readonly subnet: string;
  readonly addresses: readonly string[];
}

/** Fewer hosts than these are told one by one. */
const LEAST_OUTAGE = 4;

/**
 * Groups hosts that changed together by subnet: the widest prefixes that hold at least four of
 * them and none of `others` (hosts that did not change). Addresses are canonical texts; those that
 * are in no group are in none of the outages.
 */
export function groupBySubnet(
  changed: readonly string[],
  others: readonly string[],
): readonly Outage[] {
  return ([4, 6] as const).flatMap((family) =>
    split(listOf(family, changed), listOf(family, others)),
  );
}

interface Item {
  readonly text: string;
  readonly family: 4 | 6;
  readonly value: bigint;
}

function listOf(family: 4 | 6, texts: readonly string[]): Item[] {
  return texts.flatMap((text) => {
    const address = parseAddress(text);
    return address?.family === family ? [{ text, ...address }] : [];
  });
}

function split(changed: readonly Item[], others: readonly Item[]): Outage[] {
  const [any] = changed;
  if (!any || changed.length < LEAST_OUTAGE) return [];
  const hostBits = countHostBits(changed);
  const inHull = ({ value }: Item) => value >> hostBits === any.value >> hostBits;
  const inside = others.filter(inHull);
  if (inside.length === 0) return [describeOutage(changed, hostBits)];
  const isHigh = ({ value }: Item) => ((value >> (hostBits - 1n)) & 1n) === 1n;
  const isLow = (item: Item) => !isHigh(item);
  return [isLow, isHigh].flatMap((half) => split(changed.filter(half), inside.filter(half)));
}

/** The bits in which the addresses differ: those after their longest common prefix. */
function countHostBits(items: readonly Item[]): bigint {
  const values = items.map(({ value }) => value);
  const all = values.reduce((sum, value) => sum | (value ^ (values[0] ?? value)), 0n);
  return all === 0n ? 0n : BigInt(all.toString(2).length);
}

function describeOutage(items: readonly Item[], hostBits: bigint): Outage {
  const { family, value } = items[0] as Item;
  const first = formatAddress(family, (value >> hostBits) << hostBits);
  return {
    subnet: `${first}/${ADDRESS_BITS[family] - Number(hostBits)}`,
    addresses: items.map(({ text }) => text),
  };
}
