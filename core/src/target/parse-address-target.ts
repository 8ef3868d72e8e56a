import { ADDRESS_BITS, type Address, type AddressRange, parseAddress } from './address-range.ts';

export type AddressTarget =
  | { readonly kind: 'range'; readonly range: AddressRange }
  | { readonly kind: 'problem'; readonly message: string };

const MAPPED_IPV4 = 0xffffn;

/**
 * Reads an address, a CIDR (RFC 4632; bits of the host are cleared), or a range: `10.0.0.1-50`,
 * `10.0.0.1-10.0.1.50`, `2001:db8::1-2001:db8::ff`. A problem says what to write instead.
 */
export function parseAddressTarget(text: string): AddressTarget {
  if (text.includes('/')) return parseCidr(text);
  if (text.includes('-')) return parseRange(text);
  const address = readAddress(text);
  if (typeof address === 'string') return problem(address);
  return rangeFrom(address, address);
}

function parseCidr(text: string): AddressTarget {
  const slash = text.indexOf('/');
  const address = readAddress(text.slice(0, slash));
  if (typeof address === 'string') return problem(address);
  const bits = ADDRESS_BITS[address.family];
  const length = text.slice(slash + 1);
  if (!/^(0|[1-9]\d{0,2})$/.test(length) || Number(length) > bits) {
    return problem(
      `"/${length}" is not a prefix length: for IPv${address.family} write a number from /0 to /${bits}`,
    );
  }
  const size = 1n << BigInt(bits - Number(length));
  const first = address.value - (address.value % size);
  return rangeFrom({ ...address, value: first }, { ...address, value: first + size - 1n });
}

function parseRange(text: string): AddressTarget {
  const dash = text.indexOf('-');
  const begin = text.slice(0, dash);
  const first = readAddress(begin);
  if (typeof first === 'string') return problem(`the begin of the range: ${first}`);
  const last = readAddress(fullEnd(first, begin, text.slice(dash + 1)));
  if (typeof last === 'string') return problem(`the end of the range: ${last}`);
  if (first.family !== last.family) {
    return problem('the range begins and ends in different IP versions: write two ranges');
  }
  if (last.value < first.value) {
    return problem('the range ends before it begins: write the lower address first');
  }
  return rangeFrom(first, last);
}

function fullEnd(first: Address, begin: string, end: string): string {
  const isShort = first.family === 4 && /^\d+$/.test(end);
  return isShort ? `${begin.slice(0, begin.lastIndexOf('.'))}.${end}` : end;
}

function rangeFrom(first: Address, last: Address): AddressTarget {
  if (first.family === 6 && holdsMapped(first.value, last.value)) {
    return problem('::ffff:0:0/96 holds IPv4 addresses in IPv6 form: write them as IPv4 addresses');
  }
  return {
    kind: 'range',
    range: { family: first.family, first: first.value, last: last.value },
  };
}

// A whole prefix that happens to hold the mapped block is far too large for any limit anyway.
function holdsMapped(first: bigint, last: bigint): boolean {
  return first >> 32n === MAPPED_IPV4 || last >> 32n === MAPPED_IPV4;
}

function problem(message: string): AddressTarget {
  return { kind: 'problem', message };
}

function readAddress(text: string): Address | string {
  const address = parseAddress(text);
  if (address !== null) return address;
  return text.includes(':') ? explainIpv6(text) : explainIpv4(text);
}

function explainIpv6(text: string): string {
  if (text.includes('%'))
    return 'an IPv6 zone (%…) cannot be a target: write the address without it';
  if (/^[\d.]+:\d+$/.test(text)) return 'ports are chosen in the profile: write the address alone';
  if (text.startsWith('[')) return 'write the IPv6 address without brackets and port';
  return `"${shorten(text)}" is not an IPv6 address: write it as in 2001:db8::1`;
}

function explainIpv4(text: string): string {
  const parts = text.split('.');
  const tooLarge = parts.find((part) => /^\d+$/.test(part) && Number(part) > 255);
  const leadingZero = parts.find((part) => /^0\d+$/.test(part));
  if (text === '') return 'an address is missing: write one as in 10.0.0.1';
  if (text.includes('*')) return 'wildcards are not understood: write a CIDR as in 10.0.0.0/24';
  if (parts.some((part) => !/^\d*$/.test(part))) {
    return `"${shorten(text)}" is neither an IPv4 address nor a host name: a host name does not end in a number and has no range or prefix`;
  }
  if (parts.includes('') || parts.length !== 4) {
    return `"${shorten(text)}" is not a whole IPv4 address: write four numbers as in 10.0.0.1`;
  }
  if (leadingZero !== undefined) {
    return `${shorten(leadingZero)} begins with 0, which some programs read as octal: write ${Number(leadingZero)}`;
  }
  return `${shorten(tooLarge ?? text)} is above 255: each of the four numbers goes from 0 to 255`;
}

function shorten(text: string): string {
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
