import { promisify } from 'node:util';
import { zstdCompress, zstdDecompress } from 'node:zlib';
import type { Sight } from '@netdelta/core/host/decide-sight.ts';

const compress = promisify(zstdCompress);
const decompress = promisify(zstdDecompress);

/** A shard's sight with the way in which it asked (discoveryWay): enough to judge it again. */
export interface PackedSight {
  readonly way: string;
  readonly sight: Sight;
}

/** For the column shards.sight: zstd of JSON. */
export function packSight(packed: PackedSight): Promise<Buffer> {
  return compress(JSON.stringify(packed));
}

export async function unpackSight(bytes: Buffer): Promise<PackedSight> {
  return JSON.parse((await decompress(bytes)).toString('utf8')) as PackedSight;
}
