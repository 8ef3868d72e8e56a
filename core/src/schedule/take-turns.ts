/**
 * The turns of a new scan's shards, in their order; the smallest turn of all sites is taken first.
 * `now` is the turn that was taken last, and `scans` how many scans of this site run, this one
 * among them. Each site advances by one shard a turn in the mean, however many it has waiting, and a
 * scan of one shard is among the next: start-time fair queueing (Goyal, Vin and Cheng, 1996) with
 * shards as packets of one size.
 */
export function takeTurns(now: number, shards: number, scans: number): number[] {
  return Array.from({ length: shards }, (_, number) => now + (number + 1) * scans);
}
