/**
 * The turns that a site gets for the shards of a new scan; the smallest turn of all sites is taken
 * first. `now` is the turn that was taken last, whosever it was, and `last` the newest that this site
 * has. So each site has one shard a turn, however many of its scans began at one moment: start-time fair
 * queueing (Goyal, Vin and Cheng, 1996) with sites as flows and shards as packets of one size. Which of the
 * site's shards is done in its turn is decided when it comes (placeInSite).
 */
export function takeTurns({ now, last }: { now: number; last: number }, shards: number): number[] {
  const start = Math.max(now, last);
  return Array.from({ length: shards }, (_, number) => start + number + 1);
}

/**
 * The places of a new scan's shards among those of its own site, the smallest first: its scans have
 * one shard after the other in turn, and a scan of one shard is among the next. `next` is the smallest place
 * of the site's waiting shards; null: none waits.
 */
export function placeInSite(next: number | null, shards: number): number[] {
  return Array.from({ length: shards }, (_, number) => (next ?? 0) + number);
}
