import { closeSync, fstatSync, openSync } from 'node:fs';
import {
  createListingReader,
  type ListingFacts,
  type ListingReader,
} from '../../formats/nmap/listing-reader.ts';
import { type Cut, createHostCutter, type HostCutter } from './cut-hosts.ts';
import { createPairing, type Pairing, type Side, type Telling } from './pair-hosts.ts';
import { createPlainJudge, type PlainJudge } from './plain-markup.ts';
import { type Block, isSameHost } from './same-block.ts';

interface PlainComparison<Told> {
  readonly files: readonly { readonly facts: ListingFacts; readonly hosts: number }[];
  readonly told: readonly Told[];
}

/**
 * Compares two files without reading the hosts that are the same byte by byte, which nearly all are.
 * What differs is read as always. Null: one of them is no file, not whole, not well-formed, packed,
 * or otherwise such that it has to be read from its beginning.
 */
export function comparePlainFiles<Told>(
  paths: readonly [string, string],
  telling: Telling<Told>,
): PlainComparison<Told> | null {
  const descriptors = paths.flatMap((path) => openPlain(path));
  try {
    const [before, after] = descriptors;
    if (before === undefined || after === undefined) return null;
    const pairing = createPairing(telling);
    const sides = [createSide(before, 0, pairing), createSide(after, 1, pairing)] as const;
    const isPlain = createPlainJudge();
    while (stepBoth(sides, pairing, isPlain))
      if (sides.some(({ reader }) => reader.problem())) return null;
    const files = sides.map(({ reader, count }) => ({ facts: reader.end(), hosts: count.hosts }));
    const whole = sides.every(({ reader }) => !reader.problem());
    if (!whole || files.some(({ facts }) => isOdd(facts))) return null;
    return { files, told: pairing.end() };
  } finally {
    for (const descriptor of descriptors) closeSync(descriptor);
  }
}

function isOdd({ truncated, begun, warnings }: ListingFacts): boolean {
  return truncated || !begun || warnings.length > 0;
}

/** Regular files alone: nothing else can be read again. */
function openPlain(path: string): number[] {
  try {
    const descriptor = openSync(path, 'r');
    if (fstatSync(descriptor).isFile()) return [descriptor];
    closeSync(descriptor);
  } catch {
    // Whoever reads it says what is wrong with it.
  }
  return [];
}

interface FileSide {
  readonly cutter: HostCutter;
  readonly reader: ListingReader;
  readonly count: { hosts: number };
  /** The next host. Whatever comes before it has been read then. */
  readonly look: () => Cut & { readonly plain: boolean };
  /** Goes past it. */
  readonly step: (read: boolean) => void;
}

function createSide(descriptor: number, side: Side, pairing: Pairing<unknown>): FileSide {
  const cutter = createHostCutter(descriptor, fstatSync(descriptor).size);
  const count = { hosts: 0 };
  const reader = createListingReader((host) => {
    count.hosts += 1;
    pairing.take(side, host);
  });
  let seen: Cut | null = null;
  let usual = true;
  const look = () => {
    const cut = cutter.peek();
    if (cut !== seen && !isBlank(cut.gap)) {
      reader.write(cut.gap.bytes.subarray(cut.gap.from, cut.gap.to));
      usual = usual && isUsual(cut.gap);
    }
    seen = cut;
    return { ...cut, plain: usual && reader.isWithinRun() };
  };
  const step = (read: boolean) => {
    const { host } = cutter.peek();
    if (host && read) reader.write(host.bytes.subarray(host.from, host.to));
    else if (host) count.hosts += 1;
    cutter.advance();
  };
  return { cutter, reader, count, look, step };
}

/** A line end, or nothing. */
function isBlank({ bytes, from, to }: Block): boolean {
  return from === to || (to - from === 1 && bytes[from] === LINE_FEED);
}

const LINE_FEED = 10;
const COMMENTS = /<!--[\s\S]*?-->|<\?[\s\S]*?\?>|<!DOCTYPE [^[>]*>/g;

/** Whether a host behind these bytes is none within a comment or the like. */
function isUsual({ bytes, from, to }: Block): boolean {
  const left = bytes.toString('latin1', from, to).replace(COMMENTS, '');
  return !left.includes('<!') && !left.includes('<?');
}

/** Goes past the next host of both files, or of one; false at their ends. */
function stepBoth(
  [before, after]: readonly [FileSide, FileSide],
  pairing: Pairing<unknown>,
  isPlain: PlainJudge,
): boolean {
  const [one, other] = [before.look(), after.look()];
  if (!one.host || !other.host) {
    const goesOn = !one.last && (!one.host || other.last) ? before : after;
    goesOn.step(true);
    return !one.last || !other.last;
  }
  const [address, otherAddress] = [findAddress(one.host), findAddress(other.host)];
  const plain = one.plain && other.plain && isSameHost(one.host, other.host);
  const waited = pairing.waitsFor(textOf(address));
  const skip = plain && !waited && isPlain(one.host.bytes, one.host.from, one.host.to);
  const apart = !skip && !address.equals(otherAddress);
  if (apart && before.cutter.findsSoon(otherAddress)) before.step(true);
  else if (apart && after.cutter.findsSoon(address)) after.step(true);
  else {
    before.step(!skip);
    after.step(!skip);
  }
  return true;
}

const ADDRESS = Buffer.from('addr="');
const QUOTE = 34;

/** Its first address as it is written, `addr="10.0.0.1"`; empty where it has none. */
function findAddress({ bytes, from, to }: Block): Buffer {
  const at = bytes.indexOf(ADDRESS, from);
  if (at < 0 || at >= to) return Buffer.alloc(0);
  return bytes.subarray(at, bytes.indexOf(QUOTE, at + ADDRESS.length) + 1);
}

function textOf(address: Buffer): string {
  return address.toString('latin1', ADDRESS.length, address.length - 1);
}
