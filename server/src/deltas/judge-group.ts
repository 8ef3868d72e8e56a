import { decideGroup, type GroupDecision } from '@netdelta/core/host/decide-group.ts';
import type { MovingIdentity } from '@netdelta/core/host/identity.ts';
import type { GroupLook } from '@netdelta/core/host/relocate-hosts.ts';
import type { Verdict } from '@netdelta/core/host/verdict.ts';
import type { HostObservation } from '@netdelta/core/snapshot/snapshot.ts';
import type { SiteTransaction } from '../db/database.ts';
import { unpackSight } from '../scans/packed-sight.ts';
import { addScanProblems, type ScanRow, updateScan } from '../scans/scan-queries.ts';
import { describeHeld } from '../scans/scan-shard.ts';
import { selectSights } from '../scans/shard-queries.ts';
import { lockEdits } from '../targets/reach-queries.ts';
import { type Place, readOwnRules } from './belief-queries.ts';
import { insertDeltas } from './delta-queries.ts';
import { createStrayTest, leaveOutKnownBlindness, readRules } from './judge.ts';
import { type KnownGroup, keepsakeOf, recallGroup } from './recall-group.ts';
import { insertRefutations } from './refutation-queries.ts';
import { saveBeliefs } from './save-beliefs.ts';
import { saveTenants } from './save-tenants.ts';

type NamesOf = Readonly<Record<string, string>>;

/**
 * Judges all shards of a scan together, where hosts are more than their addresses: load, decide,
 * save. Answers the scan with its deltas counted. Edits of the group wait meanwhile.
 */
export async function judgeGroup(
  tx: SiteTransaction,
  scan: ScanRow,
  by: MovingIdentity,
): Promise<ScanRow> {
  const at = (scan.finished_at ?? new Date()).toISOString();
  const place = { siteId: scan.site_id, groupId: scan.group_id, scanId: scan.id, at };
  await lockEdits(tx, scan.group_id);
  const known = await recallGroup(tx, place);
  const { looks, names, asked } = await readLooks(tx, scan, { known, by, at });
  if (looks.length === 0) return scan;
  const rules = readRules(scan);
  const decision = decideGroup({
    by,
    looks,
    beliefs: known.beliefs,
    displaced: [...known.displaced.keys()],
    renamed: listRenamed(known, { names, asked }),
    rulesOf: (host) => ({ ...rules, ...readOwnRules(keepsakeOf(known, host)) }),
    complete: scan.status === 'finished',
  });
  const told = await saveGroup(tx, scan, { place, known, names, looks, decision });
  return { ...scan, delta_count: scan.delta_count + told };
}

/** What the scan saw, without addresses that were taken out of the targets while it ran. */
async function readLooks(
  tx: SiteTransaction,
  scan: ScanRow,
  { known, by, at }: { known: KnownGroup; by: MovingIdentity; at: string },
) {
  const shards = await selectSights(tx, scan.id);
  const names: NamesOf = Object.assign({}, ...shards.map((shard) => shard.names));
  const isStray = await createStrayTest(tx, scan, names);
  const looks: GroupLook[] = [];
  for (const { sight: packed, base } of shards) {
    if (!packed) continue;
    const { way, sight } = await unpackSight(packed, base);
    const hosts = sight.snapshot.hosts
      .filter(({ address }) => known.beliefs.has(address) || !isStray(address))
      .map((host) => (by === 'name' ? addTargetName(host, names) : host));
    const now = { scanId: scan.id, at };
    looks.push({
      sight: { ...sight, snapshot: { ...sight.snapshot, hosts } },
      frame: { way, first: scan.first, number: scan.number, now },
    });
  }
  return { looks, names, asked: new Set(shards.flatMap(({ addresses }) => addresses)) };
}

/** The name by which an address is a target is one of its host's names. */
function addTargetName(host: HostObservation, names: NamesOf): HostObservation {
  const name = names[host.address];
  if (name === undefined || host.status === 'silent') return host;
  return { ...host, names: [...new Set([name, ...host.names])] };
}

/** Addresses that were not asked, as the name by which they were targets led elsewhere. */
function listRenamed(
  { targetNames }: KnownGroup,
  { names, asked }: { names: NamesOf; asked: ReadonlySet<string> },
): ReadonlySet<string> {
  const resolved = new Set(Object.values(names));
  const left = [...targetNames].filter(
    ([address, name]) => !asked.has(address) && resolved.has(name),
  );
  return new Set(left.map(([address]) => address));
}

/** A judged scan of a group, to be saved. */
export interface JudgedGroup {
  readonly place: Place;
  readonly known: KnownGroup;
  readonly names: NamesOf;
  readonly looks: readonly GroupLook[];
  readonly decision: GroupDecision;
}

/** Saves all that was decided, and answers how many deltas were told. */
async function saveGroup(
  tx: SiteTransaction,
  scan: ScanRow,
  { place, known, names, looks, decision }: JudgedGroup,
): Promise<number> {
  const { emptied, tenants } = decision;
  const all = decision.looks.flatMap(({ verdicts }) => verdicts);
  // Shard by shard: one statement could not have the parameters of a large group.
  for (const verdicts of [...decision.looks.map((look) => look.verdicts), emptied])
    await saveBeliefs(tx, place, {
      names,
      verdicts: verdicts.map(({ decision: judged }) => ({
        before: known.beliefs.get(judged.belief.address),
        decision: judged,
        anew: tenants.has(judged.belief.address),
      })),
    });
  await saveTenants(tx, { place, known, decision });
  for (const { sight } of looks) await insertRefutations(tx, place, sight.findings);
  const deltas = [...decision.looks.flatMap((look) => look.deltas), ...decision.deltas];
  const blind = deltas.some(({ kind }) => kind === 'scanner.blind');
  const told = await insertDeltas(tx, place, await leaveOutKnownBlindness(tx, scan, deltas));
  await updateScan(tx, scan.id, {
    // What it found is believed from here on: at the scan's end it has to be.
    finished_at: new Date(place.at),
    delta_count: scan.delta_count + told,
    ...(blind && { blind }),
  });
  await tellHeld(tx, scan, all);
  return told;
}

async function tellHeld(
  tx: SiteTransaction,
  scan: ScanRow,
  verdicts: readonly Verdict[],
): Promise<void> {
  const held = verdicts.filter(({ decision }) => decision.held).length;
  if (held > 0) await addScanProblems(tx, scan.id, [describeHeld(held)]);
}
