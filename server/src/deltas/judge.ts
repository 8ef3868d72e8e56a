import { decideSight, type SightDecision } from '@netdelta/core/host/decide-sight.ts';
import type { SilenceRules } from '@netdelta/core/host/silence-rule.ts';
import { expandTargets } from '@netdelta/core/target/expand-targets.ts';
import { parseBeacons } from '@netdelta/core/target/parse-beacons.ts';
import { subtractNames } from '@netdelta/core/target/target-ranges.ts';
import type { SiteTransaction } from '../db/database.ts';
import { readDownAfter } from '../db/down-after.ts';
import {
  type ScanRow,
  selectScan,
  selectTargetsEditedSince,
  updateScan,
} from '../scans/scan-queries.ts';
import type { Judge, ShardSight } from '../scans/scan-shard.ts';
import {
  selectBeacons,
  selectBeliefs,
  selectBeliefsForUpdate,
  selectSteadyHosts,
} from './belief-queries.ts';
import { insertDeltas } from './delta-queries.ts';
import { insertRefutations } from './refutation-queries.ts';
import { saveBeliefs } from './save-beliefs.ts';

/** Brings what is believed to a shard's look, and judges what it saw. */
export const judge: Judge = {
  recall: async (tx, scan, addresses) => {
    const known = await selectBeliefs(tx, scan.group_id, addresses);
    const { beacons } = parseBeacons(await selectBeacons(tx, scan.group_id));
    const steady = await selectSteadyHosts(tx, scan.group_id, addresses);
    const before = scan.previous_scan_id;
    const loss = before && (await selectScan(tx, before))?.loss;
    const sentinels = [...beacons, ...steady];
    return { known, sentinels, ...(typeof loss === 'number' && { loss }) };
  },
  judge: judgeSight,
};

/**
 * Judges what a shard saw against what is believed, and saves beliefs and deltas: load, decide, save.
 * Where hosts are more than their addresses, all shards are judged together: see judgeGroup.
 */
async function judgeSight(tx: SiteTransaction, seen: ShardSight) {
  if (seen.scan.identity !== 'address') return { deltas: 0, held: 0 };
  const { scan, shard, sight, way, at } = seen;
  const addresses = sight.snapshot.hosts.map(({ address }) => address);
  const { beliefs, rules } = await selectBeliefsForUpdate(tx, scan.group_id, addresses);
  const isStray = await createStrayTest(tx, scan, shard.names);
  const hosts = sight.snapshot.hosts.filter(
    ({ address }) => beliefs.has(address) || !isStray(address),
  );
  const groupRules = readRules(scan);
  const { verdicts, deltas } = decideSight({
    sight: { ...sight, snapshot: { ...sight.snapshot, hosts } },
    frame: { way, first: scan.first, number: scan.number, now: { scanId: scan.id, at } },
    beliefs,
    rulesOf: (address) => ({ ...groupRules, ...rules.get(address) }),
  });
  const place = { siteId: scan.site_id, groupId: scan.group_id, scanId: scan.id, at };
  await saveBeliefs(tx, place, { verdicts, names: shard.names });
  const told = await insertDeltas(tx, place, await leaveOutKnownBlindness(tx, scan, deltas));
  await insertRefutations(tx, place, sight.findings);
  if (sight.path !== 'clear') await updateScan(tx, scan.id, { blind: true });
  return { deltas: told, held: verdicts.filter(({ decision }) => decision.held).length };
}

/** The rules of all hosts of a scan that have none of their own. */
export function readRules(scan: ScanRow): SilenceRules {
  return {
    downAfter: readDownAfter(scan.down_after),
    serviceDownAfter: readDownAfter(scan.service_down_after),
  };
}

/** A scanner that stays blind is news only once. */
export async function leaveOutKnownBlindness(
  tx: SiteTransaction,
  scan: ScanRow,
  deltas: SightDecision['deltas'],
): Promise<SightDecision['deltas']> {
  if (!scan.previous_scan_id || !deltas.some(({ kind }) => kind === 'scanner.blind')) return deltas;
  const previous = await selectScan(tx, scan.previous_scan_id);
  return previous?.blind ? deltas.filter(({ kind }) => kind !== 'scanner.blind') : deltas;
}

/** Tells the addresses that were taken out of the targets while the scan ran: they are nobody's news. */
export async function createStrayTest(
  tx: SiteTransaction,
  scan: ScanRow,
  nameOf: Readonly<Record<string, string>>,
): Promise<(address: string) => boolean> {
  // What is imported was cut to the targets before, in the transaction that judges it.
  if (scan.trigger === 'import') return () => false;
  const edited = await selectTargetsEditedSince(tx, scan);
  if (!edited) return () => false;
  const now = new Set(expandTargets(edited.targets, edited.exclusions));
  const names = new Set(subtractNames(edited.targets, edited.exclusions));
  return (address) => !now.has(address) && !names.has(nameOf[address] ?? '');
}
