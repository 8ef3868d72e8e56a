import { type AddressRange, compareRanges, formatAddress, parseAddress } from './address-range.ts';

/** Addresses (canonical text) as the fewest ranges that hold them and no other, in order. Throws on other text. */
export function joinAddresses(addresses: Iterable<string>): AddressRange[] {
  const runs: AddressRange[] = [];
  for (const address of [...addresses].map(readAddress).sort(compareRanges)) {
    const open = runs.at(-1);
    const goesOn = open?.family === address.family && address.first <= open.last + 1n;
    if (open && goesOn) runs[runs.length - 1] = { ...open, last: address.last };
    else runs.push(address);
  }
  return runs;
}

/** All addresses of ranges in canonical text, in their order. */
export function listAddresses(ranges: readonly AddressRange[]): string[] {
  return ranges.flatMap(({ family, first, last }) =>
    Array.from({ length: Number(last - first) + 1 }, (_, at) =>
      formatAddress(family, first + BigInt(at)),
    ),
  );
}

function readAddress(text: string): AddressRange {
  const address = parseAddress(text);
  if (!address) throw new Error(`"${text}" is not an address`);
  return { family: address.family, first: address.value, last: address.value };
}
