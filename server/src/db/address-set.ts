import {
  ADDRESS_BITS,
  type AddressRange,
  formatAddress,
  parseAddress,
} from '@netdelta/core/target/address-range.ts';
import { joinAddresses, listAddresses } from '@netdelta/core/target/address-runs.ts';

/**
 * Addresses (canonical text) for a column of the type address_set, a multirange of Postgres:
 * `{[10.0.0.0,10.0.1.0)}`. Half open, so that Postgres joins neighbours.
 */
export function writeAddressSet(addresses: Iterable<string>): string {
  return `{${joinAddresses(addresses).map(writeRange).join(',')}}`;
}

/** The addresses of such a column in canonical text and in order, IPv4 first. */
export function readAddressSet(text: string): string[] {
  return listAddresses([...text.matchAll(RANGE)].map(readRange));
}

/** How many addresses such a column holds, without listing them. */
export function countAddressSet(text: string): bigint {
  const ranges = [...text.matchAll(RANGE)].map(readRange);
  return ranges.reduce((sum, { first, last }) => sum + last - first + 1n, 0n);
}

const RANGE = /([[(])([^,]+),([^\])]+)([\])])/g;

function writeRange({ family, first, last }: AddressRange): string {
  const isLastOfAll = last === (1n << BigInt(ADDRESS_BITS[family])) - 1n;
  const end = isLastOfAll
    ? `${formatAddress(family, last)}]`
    : `${formatAddress(family, last + 1n)})`;
  return `[${formatAddress(family, first)},${end}`;
}

function readRange([text, open, from = '', to = '', close]: RegExpExecArray): AddressRange {
  const first = parseAddress(from);
  const last = parseAddress(to);
  if (!first || !last) throw new Error(`"${text}" is no range of addresses`);
  return {
    family: first.family,
    first: open === '[' ? first.value : first.value + 1n,
    last: close === ']' ? last.value : last.value - 1n,
  };
}
