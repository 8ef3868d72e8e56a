/** Most addresses of one shard: the work of one engine run. */
export const SHARD_SIZE = 256;

/** Cuts addresses (canonical text) into shards of at most 256, each of one IP family, in order, IPv4 first. */
export function cutShards(addresses: readonly string[]): string[][] {
  const ofIpv4 = addresses.filter((address) => !address.includes(':'));
  const ofIpv6 = addresses.filter((address) => address.includes(':'));
  return [...cut(ofIpv4), ...cut(ofIpv6)];
}

function cut(addresses: readonly string[]): string[][] {
  const count = Math.ceil(addresses.length / SHARD_SIZE);
  return Array.from({ length: count }, (_, at) =>
    addresses.slice(at * SHARD_SIZE, (at + 1) * SHARD_SIZE),
  );
}
