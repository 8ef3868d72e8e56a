import type { Delta, SteadinessSide } from '../delta/delta.ts';
import type { SubnetDeltas } from '../delta/subnet-delta.ts';
import { stepFlapping, type Unsteady } from '../evidence/flapping.ts';
import { type EndpointKey, endpointKey } from '../snapshot/endpoint-index.ts';
import type { HostBelief, Silence } from './belief.ts';
import { isDown } from './status.ts';
import type { Verdict } from './verdict.ts';

/**
 * Follows what of a host changed in the last scans. What flaps is told once when that begins and
 * once when it ends; its changes in between are believed, but not told. What happened to its whole
 * subnet is told as that, and is no change of its own.
 */
export function tellSteadily(
  { before, decision }: Verdict,
  { standsFor }: Pick<SubnetDeltas, 'standsFor'>,
  now: number,
): Verdict {
  if (!before || decision.held) return { before, decision };
  const { belief } = decision;
  const deltas = decision.deltas.filter((delta) => !standsFor(delta));
  const isShared = deltas.length < decision.deltas.length;
  const changed = new Set(
    listChanged(before, belief, deltas).filter((what) => !(isShared && what === 'host')),
  );
  if (changed.size === 0 && before.unsteady.length === 0)
    return { before, decision: { ...decision, deltas } };
  const known = new Map(before.unsteady.map((unsteady) => [unsteady.what, unsteady]));
  const steps = [...new Set([...known.keys(), ...changed])].map((what) => ({
    what,
    ...stepFlapping(known.get(what), { what, changed: changed.has(what), now }),
  }));
  const quiet = new Set(steps.filter((step) => step.quiet).map(({ what }) => what));
  const unsteady = steps.flatMap((step) => step.unsteady ?? []);
  const told = [
    ...deltas.filter((delta) => isSettled(delta) || !whatOf(delta).some((what) => quiet.has(what))),
    ...steps.flatMap(({ what, event, unsteady: one }) =>
      event
        ? [buildSteadinessDelta(belief, what, { event, changes: one?.changes.length ?? 0 })]
        : [],
    ),
  ];
  const untold = deltas.filter((delta) => !told.includes(delta));
  const quieted = { ...decision, belief: { ...belief, unsteady }, deltas: told };
  return { before, decision: untold.length > 0 ? { ...quieted, untold } : quieted };
}

/** Silent for so many scans in a row is no flapping any more. */
const SETTLED_SCANS = 3;

function isSettled({ evidence }: Delta): boolean {
  return (evidence.silence?.scans ?? 0) >= SETTLED_SCANS;
}

function whatOf({ kind, subject }: Delta): Unsteady['what'][] {
  if ('port' in subject) return [endpointKey(subject)];
  return kind === 'host.down' || kind === 'host.returned' ? ['host'] : [];
}

/**
 * What answers now and did not in the last scan, or the other way round, or became another service.
 * The last of several silent scans, by which a rule is satisfied, changes nothing of this.
 */
function listChanged(
  before: HostBelief,
  after: HostBelief,
  deltas: readonly Delta[],
): Unsteady['what'][] {
  const host: Unsteady['what'][] = isGone(before) === isGone(after) ? [] : ['host'];
  const now = new Map(after.services.map((service) => [endpointKey(service), service]));
  const services = before.services.filter((service) => {
    const answers = now.get(endpointKey(service));
    return isSilent(service) !== (answers === undefined || isSilent(answers));
  });
  const others = deltas.filter(
    ({ kind }) => kind === 'service.opened' || kind === 'service.changed',
  );
  return [...host, ...services.map(endpointKey), ...others.flatMap(whatOf)];
}

function isGone(host: HostBelief): boolean {
  return isDown(host.status) || isSilent(host);
}

/** Silence that is more likely than not: what a rule merely holds, or nobody could prove, is none. */
function isSilent({ silence }: { readonly silence?: Silence }): boolean {
  return silence !== undefined && (silence.likelihood ?? 0) >= PROVEN;
}

const PROVEN = 0.5;

function buildSteadinessDelta(
  belief: HostBelief,
  what: 'host' | EndpointKey,
  { event, changes }: { event: 'begins' | 'ends'; changes: number },
): Delta {
  const flapping = event === 'begins';
  const state = stateOf(belief, what);
  const sides = {
    before: { flapping: !flapping, state, changes } satisfies SteadinessSide,
    after: { flapping, state, changes } satisfies SteadinessSide,
    evidence: { reason: flapping ? 'changes-often' : 'steady', likelihood: 1 },
  };
  if (what === 'host')
    return { kind: 'host.flapping', subject: { address: belief.address }, ...sides };
  const [protocol, port] = what.split('/') as ['tcp' | 'udp', string];
  const subject = { address: belief.address, protocol, port: Number(port) };
  return { kind: 'service.flapping', subject, ...sides };
}

function stateOf(belief: HostBelief, what: 'host' | EndpointKey): SteadinessSide['state'] {
  if (what === 'host') return belief.silence ? 'down' : 'up';
  const service = belief.services.find((one) => endpointKey(one) === what);
  return service && !service.silence ? 'open' : 'closed';
}
