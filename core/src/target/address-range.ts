import ipaddr from 'ipaddr.js';

/** Addresses of one family from `first` to `last`, both included, as whole numbers. */
export interface AddressRange {
  readonly family: 4 | 6;
  readonly first: bigint;
  readonly last: bigint;
}

/** One address as a whole number. */
export interface Address {
  readonly family: 4 | 6;
  readonly value: bigint;
}

export const ADDRESS_BITS = { 4: 32, 6: 128 } as const;

const DOTTED_TAIL = /(?:^|:)([^:]*\.[^:]*)$/;

/**
 * Reads an IPv4 address of four decimal parts without leading zeros, or an IPv6 address without a
 * zone (RFC 4291 §2.2). Returns null for everything else.
 */
export function parseAddress(text: string): Address | null {
  if (ipaddr.IPv4.isValidFourPartDecimal(text)) {
    const value = text.split('.').reduce((sum, octet) => sum * 256 + Number(octet), 0);
    return { family: 4, value: BigInt(value) };
  }
  const tail = DOTTED_TAIL.exec(text)?.[1];
  const tailIsSound = tail === undefined || ipaddr.IPv4.isValidFourPartDecimal(tail);
  if (!text.includes(':') || text.includes('%') || !tailIsSound) return null;
  if (!ipaddr.IPv6.isValid(text)) return null;
  return { family: 6, value: numberOf(ipaddr.IPv6.parse(text).parts) };
}

/** Writes an address in canonical text: dotted decimal, or RFC 5952 for IPv6. */
export function formatAddress(family: 4 | 6, value: bigint): string {
  return family === 4 ? formatIpv4(Number(value)) : formatIpv6(value);
}

/** Orders ranges by family, then first address, then last. */
export function compareRanges(one: AddressRange, other: AddressRange): number {
  if (one.family !== other.family) return one.family - other.family;
  if (one.first !== other.first) return one.first < other.first ? -1 : 1;
  if (one.last !== other.last) return one.last < other.last ? -1 : 1;
  return 0;
}

function numberOf(parts: readonly number[]): bigint {
  const digits = parts.map((part) => part.toString(16).padStart(4, '0'));
  return BigInt(`0x${digits.join('')}`);
}

function formatIpv4(value: number): string {
  return `${value >>> 24}.${(value >>> 16) & 255}.${(value >>> 8) & 255}.${value & 255}`;
}

function formatIpv6(value: bigint): string {
  const digits = value.toString(16).padStart(32, '0');
  const parts = Array.from({ length: 8 }, (_, at) =>
    Number.parseInt(digits.slice(at * 4, at * 4 + 4), 16),
  );
  return new ipaddr.IPv6(parts).toRFC5952String();
}
