import { isSameService } from '../compare/service-facts.ts';
import type { Delta, HostKind, HostSide, ServiceSide } from '../delta/delta.ts';
import { covers, type EndpointKey, endpointKey } from '../snapshot/endpoint-index.ts';
import type { Ending, HostMoment } from './moment.ts';
import { type Presence, presenceOf } from './presence.ts';

/** What cannot be compared: there at one of the instants, and not known of at the other. */
export interface Gap {
  readonly address: string;
  /** None: the whole host. */
  readonly endpoint?: EndpointKey;
  /** At which instant nothing is known of it. */
  readonly missing: 'before' | 'after';
  /** `not-covered`: no scan had asked. `not-a-target`: it had been taken out of the group. */
  readonly why: 'not-covered' | 'not-a-target';
}

export interface MomentComparison {
  /** In the kinds and shapes of deltas; their evidence is the engine's reason alone. */
  readonly changes: readonly Delta[];
  readonly gaps: readonly Gap[];
}

export const NO_CHANGE: MomentComparison = { changes: [], gaps: [] };

type Service = HostMoment['services'][number];

/** What stands for an ending of which nothing is known, as when time is read backwards. */
const UNKNOWN_ENDING: Ending = { state: 'closed', reason: 'not-open' };

/**
 * Tells how what is believed of a host at one instant differs from what is believed at another, in
 * whatever order these are. What was not covered at one of them is a gap, never a change; what a
 * silent host had is held, as always. Pure.
 */
export function compareMoments(
  before: HostMoment | undefined,
  after: HostMoment | undefined,
): MomentComparison {
  const host = after ?? before;
  if (!host) return NO_CHANGE;
  const was = presenceOf(before?.status);
  const is = presenceOf(after?.status);
  const gap = hostGap(host.address, was, is);
  if (gap) return { changes: [], gaps: [gap] };
  if (!before || !after || !isSeen(was) || !isSeen(is))
    return { changes: compareUnseen({ before, after, was, is }), gaps: [] };
  const services = compareServiceMoments(before, after);
  return { ...services, changes: [...compareHost(before, after), ...services.changes] };
}

function isSeen(presence: Presence): boolean {
  return presence === 'up' || presence === 'down';
}

/** Only of a host that is up at one instant is it worth a word that the other is not known. */
function hostGap(address: string, was: Presence, is: Presence): Gap | undefined {
  const why = { uncovered: 'not-covered', removed: 'not-a-target' } as const;
  if (is === 'up' && (was === 'uncovered' || was === 'removed'))
    return { address, missing: 'before', why: why[was] };
  if (was === 'up' && (is === 'uncovered' || is === 'removed'))
    return { address, missing: 'after', why: why[is] };
  return undefined;
}

interface Presences {
  readonly before: HostMoment | undefined;
  readonly after: HostMoment | undefined;
  readonly was: Presence;
  readonly is: Presence;
}

/** A host that was asked and never seen up at one of the instants. */
function compareUnseen({ before, after, was, is }: Presences): Delta[] {
  if (was === 'unseen' && is === 'up' && after)
    return [after.answersEverything ? everythingChange(null, after) : newHost(after)];
  if (was === 'up' && is === 'unseen' && before && after)
    return [hostChange('host.down', before, after)];
  return [];
}

function newHost(after: HostMoment): Delta {
  return { ...hostChange('host.new', after, after), before: null };
}

function compareHost(before: HostMoment, after: HostMoment): Delta[] {
  const was = presenceOf(before.status);
  const is = presenceOf(after.status);
  return [
    ...(was === is ? [] : [hostChange(is === 'up' ? 'host.returned' : 'host.down', before, after)]),
    ...(before.answersEverything === after.answersEverything
      ? []
      : [everythingChange(before, after)]),
  ];
}

function hostChange(kind: HostKind, before: HostMoment, after: HostMoment) {
  const side = sideOf(after);
  const subject = { address: after.address };
  return { kind, subject, before: sideOf(before), after: side, evidence: { reason: side.reason } };
}

/** One side of a host's change. */
export function sideOf({ status, names, services }: HostMoment): HostSide {
  const up = presenceOf(status) === 'up';
  return {
    up,
    reason: up ? 'answered' : 'no-response',
    names,
    services: services.map(({ protocol, port, service }) => ({
      ...{ protocol, port },
      ...(service && { service }),
    })),
  };
}

function everythingChange(before: HostMoment | null, after: HostMoment): Delta {
  const side = ({ answersEverything, services }: HostMoment) => ({
    answersEverything: answersEverything ?? false,
    openPorts: services.length,
  });
  const subject = { address: after.address };
  const kind = 'host.answersEverything';
  const evidence = { reason: 'syn-ack' };
  return { kind, subject, before: before && side(before), after: side(after), evidence };
}

/** A host that is down keeps its services, as they were last known: they are compared all the same. */
function compareServiceMoments(before: HostMoment, after: HostMoment): MomentComparison {
  const { address } = after;
  const old = new Map(before.services.map((service) => [endpointKey(service), service]));
  const now = new Map(after.services.map((service) => [endpointKey(service), service]));
  const changes: Delta[] = [];
  const gaps: Gap[] = [];
  const lack = (endpoint: EndpointKey, missing: Gap['missing']) =>
    gaps.push({ address, endpoint, missing, why: 'not-covered' });
  for (const [key, was] of old) {
    const is = now.get(key);
    if (is && !isSameService(was.service, is.service))
      changes.push(changedService(address, was, is));
    else if (!is && covers(after.known, was))
      changes.push(endedService(address, was, after.endings?.get(key) ?? UNKNOWN_ENDING));
    else if (!is) lack(key, 'after');
  }
  for (const [key, is] of now) {
    if (old.has(key)) continue;
    if (covers(before.known, is)) changes.push(openedService(address, is));
    else lack(key, 'before');
  }
  return { changes, gaps };
}

function serviceSubject(address: string, { protocol, port }: Service) {
  return { address, protocol, port };
}

function openSide({ reason, service }: Service): ServiceSide {
  return { state: 'open', reason, ...(service && { service }) };
}

function openedService(address: string, is: Service): Delta {
  return {
    kind: 'service.opened',
    subject: serviceSubject(address, is),
    before: null,
    after: openSide(is),
    evidence: { reason: is.reason },
  };
}

function changedService(address: string, was: Service, is: Service): Delta {
  return { ...openedService(address, is), kind: 'service.changed', before: openSide(was) } as Delta;
}

function endedService(address: string, was: Service, { state, reason }: Ending): Delta {
  return {
    kind: state === 'closed' ? 'service.closed' : 'service.filtered',
    subject: serviceSubject(address, was),
    before: openSide(was),
    after: { state, reason },
    evidence: { reason },
  };
}
