import { promisify } from 'node:util';
import { constants, zstdCompress, zstdDecompress } from 'node:zlib';
import type { Sight } from '@netdelta/core/host/decide-sight.ts';

const compress = promisify(zstdCompress);
const decompress = promisify(zstdDecompress);

/** A shard's sight with the way in which it asked (discoveryWay): enough to judge it again. */
export interface PackedSight {
  readonly way: string;
  readonly sight: Sight;
}

/** A whole sight of an earlier night that those after it are kept by. */
export interface SightBase {
  readonly id: string;
  readonly sight: Buffer;
}

/** A sight as it is stored: what differs from its base, which `anew` is to become when it is given. */
export interface BasedSight {
  readonly sight: Buffer;
  readonly base: { readonly id: string } | { readonly anew: Buffer };
}

/** A sight that differs by so much of its base's size begins a new base. */
const MOST_DIFFERENT = 1 / 4;
/** What a decoder takes by itself, 128 MB. */
const LARGEST_WINDOW = 27;
const LARGEST_TABLE = 22;
/** No sight of 256 addresses comes near it: what was restored from a file may be anything. */
const LARGEST_SIGHT = { maxOutputLength: 268_435_456 };

/** A sight that became a base differs from it in nothing. */
const SAME_AS_BASE = Buffer.alloc(0);

/** For the column shards.sight: zstd of JSON, whole. */
export function packSight(packed: PackedSight): Promise<Buffer> {
  return compress(JSON.stringify(packed));
}

/**
 * For shards.sight by a base: zstd of JSON with the base's JSON as dictionary, empty where it is the
 * base. What was seen before in the same words costs next to nothing.
 */
export async function packByBase(
  packed: PackedSight,
  base: SightBase | undefined,
): Promise<BasedSight> {
  const text = Buffer.from(JSON.stringify(packed));
  if (base) {
    const sight = await compressBy(await decompress(base.sight), text);
    if (sight.length <= base.sight.length * MOST_DIFFERENT) return { sight, base: { id: base.id } };
  }
  return { sight: SAME_AS_BASE, base: { anew: await compress(text) } };
}

/** Reads shards.sight, with the sight of its base where it has one. */
export async function unpackSight(bytes: Buffer, base: Buffer | null): Promise<PackedSight> {
  const dictionary = base ? await decompress(base, LARGEST_SIGHT) : undefined;
  const text =
    dictionary && bytes.equals(SAME_AS_BASE)
      ? dictionary
      : await decompress(bytes, { ...LARGEST_SIGHT, ...(dictionary && { dictionary }) });
  return JSON.parse(text.toString('utf8')) as PackedSight;
}

/** The window has to hold both, and the tables all places in them, or the dictionary is out of reach. */
function compressBy(dictionary: Buffer, text: Buffer): Promise<Buffer> {
  const bits = Math.ceil(Math.log2(dictionary.length + text.length + 1));
  const clamp = (wanted: number, most: number) => Math.min(Math.max(wanted, 10), most);
  const params = {
    [constants.ZSTD_c_windowLog]: clamp(bits, LARGEST_WINDOW),
    [constants.ZSTD_c_hashLog]: clamp(bits - 1, LARGEST_TABLE),
    [constants.ZSTD_c_chainLog]: clamp(bits - 1, LARGEST_TABLE),
  };
  return compress(text, { dictionary, params });
}
