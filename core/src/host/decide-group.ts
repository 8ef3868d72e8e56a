import { buildEvidence } from '../delta/build-evidence.ts';
import type { Delta } from '../delta/delta.ts';
import { ADDRESS_TAKEN, buildHostDelta, buildMovedDelta } from '../delta/host-delta.ts';
import { isBelievedUp } from '../evidence/doubt.ts';
import type { HostBelief, Sighting } from './belief.ts';
import { decideSight, type SightDecision } from './decide-sight.ts';
import { identityKeys } from './identity.ts';
import {
  clearMoved,
  type GroupLook,
  type Relocation,
  type RelocationQuestion,
  relocateHosts,
} from './relocate-hosts.ts';
import { decideSilence, type SilenceRules } from './silence-rule.ts';
import { HOST_TRANSITIONS } from './transitions.ts';
import type { Verdict } from './verdict.ts';

/** All that the judgement of a whole scan rests on, where hosts are more than their addresses. */
export interface GroupQuestion extends RelocationQuestion {
  /** No shard of the scan failed or was cancelled: who was not seen was nowhere to be seen. */
  readonly complete: boolean;
}

/** A host without an address: as it stood in the question, and as it is believed now. */
export interface DisplacedVerdict {
  readonly host: HostBelief;
  readonly belief: HostBelief;
}

export interface GroupDecision {
  /** By look, in their order. A verdict's `before` is of the host, not of the address. */
  readonly looks: readonly SightDecision[];
  /** Addresses that no look covered and that their host has left. */
  readonly emptied: readonly Verdict[];
  readonly displaced: readonly DisplacedVerdict[];
  /** What is to be told of displaced hosts. */
  readonly deltas: readonly Delta[];
  /** See Relocation. */
  readonly tenants: Relocation['tenants'];
}

/**
 * Judges a whole scan of a group that knows its hosts by MAC address or name: first every host is
 * recognised where it is now, then each shard is judged as always (decideSight), so that a host
 * that moved and changed tells both. The order of looks never matters. Pure.
 */
export function decideGroup(asked: GroupQuestion): GroupDecision {
  const question = { ...asked, looks: clearMoved(asked) };
  const relocation = relocateHosts(question);
  const looks = question.looks.map((look) => decideLook(question, relocation, look));
  const covered = new Set(
    looks.flatMap(({ verdicts }) => verdicts.map(({ decision }) => decision.belief.address)),
  );
  const emptied = [...relocation.tenants.keys()]
    .filter((address) => !covered.has(address))
    .flatMap((address) => emptyOut(question, relocation, address));
  const told = looks.flatMap(({ deltas }) => deltas);
  const { tenants } = relocation;
  return { looks, emptied, tenants, ...decideDisplaced(question, relocation, told) };
}

function decideLook(
  { by, beliefs, rulesOf }: GroupQuestion,
  relocation: Relocation,
  { sight, frame }: GroupLook,
): SightDecision {
  const { tenants } = relocation;
  const hostAt = (address: string) => {
    const tenant = tenants.get(address);
    return tenant === undefined ? beliefs.get(address) : (tenant ?? undefined);
  };
  const rulesAt = (address: string): SilenceRules => rulesOf(hostAt(address));
  const question = { sight, frame, beliefs: relocation.beliefs, rulesOf: rulesAt };
  const { verdicts, deltas } = decideSight(question);
  const moves = verdicts.flatMap(({ decision: { belief } }) => {
    const host = tenants.get(belief.address);
    // A displaced host may be back where it was.
    if (!host || host.address === belief.address) return [];
    const keys = identityKeys(by, belief);
    const key = identityKeys(by, host).find((one) => keys.includes(one)) ?? '';
    return [buildMovedDelta(host, belief, key)];
  });
  return { verdicts, deltas: [...moves, ...deltas] };
}

function emptyOut({ beliefs }: GroupQuestion, relocation: Relocation, address: string): Verdict[] {
  const belief = relocation.beliefs.get(address);
  return belief ? [{ before: beliefs.get(address), decision: { belief, deltas: [] } }] : [];
}

/** Hosts without an address are silent in every complete scan, and down by their rules in the end. */
function decideDisplaced(
  { looks, complete, rulesOf }: GroupQuestion,
  { displaced }: Relocation,
  told: readonly Delta[],
): Pick<GroupDecision, 'displaced' | 'deltas'> {
  const [first] = looks;
  const sawAll = complete && looks.every(({ sight }) => isWhole(sight));
  if (!first || !sawAll)
    return { displaced: displaced.map((host) => ({ host, belief: host })), deltas: [] };
  // Only one host can go down at an address in one scan: another one waits for the next.
  const taken = new Set(
    told.flatMap((delta) => (delta.kind === 'host.down' ? [delta.subject.address] : [])),
  );
  const deltas: Delta[] = [];
  const verdicts = displaced.map((host) => {
    const { belief, down } = decideMissing(host, rulesOf(host), first.frame.now);
    if (down && taken.has(host.address)) return { host, belief: host };
    if (down) taken.add(host.address);
    if (down) deltas.push(down);
    return { host, belief };
  });
  return { displaced: verdicts, deltas };
}

function isWhole({ path, snapshot }: GroupLook['sight']): boolean {
  return path === 'clear' && snapshot.uncovered.length === 0;
}

function decideMissing(
  host: HostBelief,
  { downAfter: rule }: SilenceRules,
  now: Sighting,
): { readonly belief: HostBelief; readonly down?: Delta } {
  if (!isBelievedUp(host)) return { belief: host };
  const { silence, gone } = decideSilence(host.silence, { finding: undefined, rule, now });
  const status = HOST_TRANSITIONS[host.status][gone ? 'satisfied' : 'silent'];
  const belief: HostBelief = { ...host, status, silence };
  if (!gone) return { belief };
  const evidence = buildEvidence(ADDRESS_TAKEN, { silence, finding: undefined, rule });
  return { belief, down: buildHostDelta('host.down', { belief: host, after: belief, evidence }) };
}
