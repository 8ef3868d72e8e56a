import { z } from 'zod';

/** By what a group knows its hosts again: where they are, or who they are, wherever they are. */
export const IDENTITIES = ['address', 'mac', 'name'] as const;
export const identity = z.enum(IDENTITIES);
export type Identity = z.infer<typeof identity>;

/** An identity that a host takes with it when it gets another address. */
export type MovingIdentity = Exclude<Identity, 'address'>;

/** What is said where there is no MAC address: of loopback, and of everybody. */
const NO_MACS: ReadonlySet<string> = new Set(['00:00:00:00:00:00', 'ff:ff:ff:ff:ff:ff']);

/**
 * All by which a host can be recognised: its MAC address, or its DNS names, each in one spelling.
 * Empty: nothing of the kind was seen (a scanner sees MAC addresses only in its own segment).
 * A locally administered MAC address (bit 0x02 of the first octet) counts like any other.
 */
export function identityKeys(
  by: MovingIdentity,
  { mac, names }: { readonly mac?: string; readonly names: readonly string[] },
): readonly string[] {
  const texts = by === 'name' ? names : mac ? [mac] : [];
  const keys = texts.map((text) => text.trim().toLowerCase().replace(/\.$/, ''));
  return [...new Set(keys)].filter((key) => key !== '' && !NO_MACS.has(key));
}

/** True when two hosts have something in common by which they are known. */
export function shareIdentity(one: readonly string[], other: readonly string[]): boolean {
  return one.some((key) => other.includes(key));
}
