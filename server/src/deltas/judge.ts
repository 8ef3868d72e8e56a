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
import type { ShardRow } from '../scans/shard-queries.ts';
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
  judge: (tx, { shard, sight, ...frame }) =>
    judgeSights(tx, frame, { looks: [{ names: shard.names, sight }] }),
};

/** What shards of one scan saw. */
interface ShardLooks {
  readonly looks: readonly (Pick<ShardSight, 'sight'> & Pick<ShardSight['shard'], 'names'>)[];
  /** Nothing is believed of these addresses yet, and nobody else can judge them: it is not asked for. */
  readonly areNew?: boolean;
}

/**
 * Judges what shards saw, each by itself, against what is believed, and saves beliefs and deltas of
 * all of them: load, decide, save. No address is in two of them.
 * Where hosts are more than their addresses, all shards are judged together: see judgeGroup.
 */
export async function judgeSights(
  tx: SiteTransaction,
  { scan, way, at }: Omit<ShardSight, 'shard' | 'sight'>,
  { looks, areNew = false }: ShardLooks,
): Promise<{ deltas: number; held: number }> {
  if (scan.identity !== 'address') return { deltas: 0, held: 0 };
  const { beliefs, rules } = areNew ? NOTHING_KNOWN : await recallForUpdate(tx, scan, looks);
  const names = Object.assign({}, ...looks.map((look) => look.names)) as ShardRow['names'];
  const isStray = await createStrayTest(tx, scan, names);
  const groupRules = readRules(scan);
  const decisions = looks.map(({ sight }) => {
    const hosts = sight.snapshot.hosts.filter(
      ({ address }) => beliefs.has(address) || !isStray(address),
    );
    return decideSight({
      sight: { ...sight, snapshot: { ...sight.snapshot, hosts } },
      frame: { way, first: scan.first, number: scan.number, now: { scanId: scan.id, at } },
      beliefs,
      rulesOf: (address) => ({ ...groupRules, ...rules.get(address) }),
    });
  });
  const verdicts = decisions.flatMap((decision) => decision.verdicts);
  const deltas = decisions.flatMap((decision) => decision.deltas);
  const place = { siteId: scan.site_id, groupId: scan.group_id, scanId: scan.id, at };
  await saveBeliefs(tx, place, { verdicts, names });
  const told = await insertDeltas(tx, place, await leaveOutKnownBlindness(tx, scan, deltas));
  const findings = looks.flatMap(({ sight }) => sight.findings);
  await insertRefutations(tx, place, findings);
  const isClear = looks.every(({ sight }) => sight.path === 'clear');
  if (!isClear) await updateScan(tx, scan.id, { blind: true });
  return { deltas: told, held: verdicts.filter(({ decision }) => decision.held).length };
}

type Recalled = Awaited<ReturnType<typeof selectBeliefsForUpdate>>;
const NOTHING_KNOWN: Recalled = { beliefs: new Map(), rules: new Map() };

function recallForUpdate(
  tx: SiteTransaction,
  { group_id }: ScanRow,
  looks: ShardLooks['looks'],
): Promise<Recalled> {
  const hosts = looks.flatMap(({ sight }) => sight.snapshot.hosts);
  return selectBeliefsForUpdate(
    tx,
    group_id,
    hosts.map(({ address }) => address),
  );
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
