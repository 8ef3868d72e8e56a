import type { HostBelief } from '@netdelta/core/host/belief.ts';
import { decideHost, type HostDecision } from '@netdelta/core/host/decide-host.ts';
import { expandTargets } from '@netdelta/core/target/expand-targets.ts';
import { subtractNames } from '@netdelta/core/target/target-ranges.ts';
import type { SiteTransaction } from '../db/database.ts';
import { selectTargetsEditedSince } from '../scans/scan-queries.ts';
import type { Judge, Sight } from '../scans/scan-shard.ts';
import { selectBeliefs } from './belief-queries.ts';
import { insertDeltas } from './delta-queries.ts';
import { saveBeliefs } from './save-beliefs.ts';

/** Judges what a shard saw against what is believed, and saves beliefs and deltas: load, decide, save. */
export const judgeSight: Judge = async (tx, sight) => {
  const { scan, shard, snapshot } = sight;
  const addresses = snapshot.hosts.map((host) => host.address);
  const beliefs = await selectBeliefs(tx, scan.group_id, addresses);
  const isStray = await createStrayTest(tx, sight);
  const hosts = snapshot.hosts.filter(({ address }) => beliefs.has(address) || !isStray(address));
  const verdicts = hosts.map((seen) => {
    const belief = beliefs.get(seen.address);
    return { before: belief, decision: decideOne(sight, seen, belief) };
  });
  const place = { siteId: scan.site_id, groupId: scan.group_id, scanId: scan.id, at: sight.at };
  await saveBeliefs(tx, place, { verdicts, names: shard.names });
  const deltas = verdicts.flatMap(({ decision }) => decision.deltas);
  await insertDeltas(tx, place, deltas);
  return { deltas: deltas.length, held: verdicts.filter(({ decision }) => decision.held).length };
};

/** Tells the addresses that were taken out of the targets while the scan ran: they are nobody's news. */
async function createStrayTest(
  tx: SiteTransaction,
  { scan, shard }: Sight,
): Promise<(address: string) => boolean> {
  const edited = await selectTargetsEditedSince(tx, scan);
  if (!edited) return () => false;
  const now = new Set(expandTargets(edited.targets, edited.exclusions));
  const names = new Set(subtractNames(edited.targets, edited.exclusions));
  return (address) => !now.has(address) && !names.has(shard.names[address] ?? '');
}

function decideOne(
  { scan, way, at }: Sight,
  seen: Sight['snapshot']['hosts'][number],
  belief: HostBelief | undefined,
): HostDecision {
  const now = { scanId: scan.id, at };
  return decideHost({ belief, seen, downAfter: scan.down_after, way, first: scan.first, now });
}
