import { plural } from '../evidence/plural.ts';
import type {
  Delta,
  DeltaOfKind,
  Evidence,
  HostSide,
  ScannerSide,
  ServiceKind,
  SteadinessSide,
  TargetSide,
} from './delta.ts';
import { describeMoment } from './describe-moment.ts';
import { describeService, describeServiceChange } from './describe-service.ts';
import { ADDRESS_TAKEN } from './host-delta.ts';

/** Writes an instant (ISO 8601) for a person. */
export type WriteMoment = (iso: string) => string;

type ServiceDelta = DeltaOfKind<ServiceKind>;

/**
 * Says a delta in one sentence without a full stop:
 * `10.0.0.5: tcp/22 opened (ssh, OpenSSH 9.2p1)`. Texts of services are as the host sent them:
 * whoever shows the sentence escapes it. Instants are written in UTC unless `writeMoment` is given.
 */
export function describeDelta(delta: Delta, writeMoment: WriteMoment = describeMoment): string {
  switch (delta.kind) {
    case 'target.added':
      return `${delta.subject.target} was added to the group${targetSize(delta.after)}`;
    case 'target.removed':
      return `${delta.subject.target} was removed from the group${targetSize(delta.before)}`;
    case 'host.new':
      return `${hostName(delta.subject.address, delta.after)} is new${openPorts(delta.after)}`;
    case 'host.returned':
      return `${hostName(delta.subject.address, delta.after)} is up again${pastSilence(delta.evidence, writeMoment)}`;
    case 'host.down':
      return `${hostName(delta.subject.address, delta.before)} went down${silence(delta.evidence, writeMoment)}${displaced(delta.evidence)}`;
    case 'host.moved':
      return describeMove(delta);
    case 'host.flapping':
      return `${delta.subject.address} ${flapping(delta.after)}`;
    case 'host.answersEverything':
      return describeEverything(delta);
    case 'service.flapping':
      return `${endpoint(delta)} ${flapping(delta.after)}`;
    case 'subnet.down':
      return `${delta.subject.target} went down: ${plural(delta.after?.addresses.length ?? 0, 'host', 'hosts')} at once${silence(delta.evidence, writeMoment)}`;
    case 'subnet.returned':
      return `${delta.subject.target} is up again: ${plural(delta.after?.addresses.length ?? 0, 'host', 'hosts')} at once${pastSilence(delta.evidence, writeMoment)}`;
    case 'scanner.blind':
      return describeBlind(delta.after);
    default:
      return `${endpoint(delta)} ${serviceVerb(delta, writeMoment)}`;
  }
}

/** It is told where it was last, though another host answers there now. */
function displaced({ reason }: Evidence): string {
  return reason === ADDRESS_TAKEN ? ', and another host has its address' : '';
}

function describeMove({ subject, before, after }: DeltaOfKind<'host.moved'>): string {
  const name = after?.names[0] ?? after?.identity;
  return `${before?.address}${inBrackets([name ?? ''])} moved to ${subject.address}`;
}

function serviceVerb(delta: ServiceDelta, writeMoment: WriteMoment): string {
  const before = describeService(delta.before?.service);
  const after = describeService(delta.after?.service);
  const was = before && `was ${before}`;
  switch (delta.kind) {
    case 'service.opened':
      return `opened${inBrackets([after])}`;
    case 'service.closed':
      return `closed${inBrackets([was])}`;
    case 'service.filtered':
      return delta.evidence.silence
        ? `no longer answers${silence(delta.evidence, writeMoment)}${inBrackets([was])}`
        : `is now filtered${inBrackets([delta.evidence.reason, was])}`;
    case 'service.changed':
      return `changed ${describeServiceChange(delta.before?.service, delta.after?.service)}`;
  }
}

function flapping(after: SteadinessSide | null): string {
  if (!after) return 'flaps';
  return after.flapping
    ? `flaps: ${plural(after.changes, 'change', 'changes')} in the last scans, now ${after.state}; further ones are not told until it is steady`
    : `is steady again: ${after.state}`;
}

function describeEverything({ subject, before, after }: DeltaOfKind<'host.answersEverything'>) {
  if (!after?.answersEverything) return `${subject.address} does not answer on every port any more`;
  const anew = before ? '' : ' is new and';
  return `${subject.address}${anew} answers on every port: which services it has cannot be told`;
}

function describeBlind(after: ScannerSide | null): string {
  const { silentHosts = 0, sentinels = [] } = after ?? {};
  const asked =
    sentinels.length === 0
      ? 'and there is no sentinel that could tell whether the scanner or the network failed'
      : `and so were all ${plural(sentinels.length, 'sentinel', 'sentinels')}`;
  return `The scanner saw nothing: ${plural(silentHosts, 'host', 'hosts')} fell silent at once, ${asked}. Nothing was concluded`;
}

function endpoint({ subject }: DeltaOfKind<ServiceKind | 'service.flapping'>): string {
  return `${subject.address}: ${subject.protocol}/${subject.port}`;
}

function inBrackets(parts: readonly string[]): string {
  const text = parts.filter(Boolean).join('; ');
  return text && ` (${text})`;
}

function targetSize(side: TargetSide | null): string {
  if (side?.addresses === undefined) return '';
  return ` (${plural(side.addresses, 'address', 'addresses')})`;
}

function hostName(address: string, side: HostSide | null): string {
  const [name] = side?.names ?? [];
  return name && name !== address ? `${address} (${name})` : address;
}

const PORTS_SHOWN = 5;

function openPorts(side: HostSide | null): string {
  const ports = (side?.services ?? []).map(({ protocol, port }) => `${protocol}/${port}`);
  if (ports.length === 0) return ', with no open port seen';
  const more = ports.length - PORTS_SHOWN;
  return `, with ${ports.slice(0, PORTS_SHOWN).join(', ')}${more > 0 ? ` and ${more} more` : ''} open`;
}

function silence({ silence, reason }: Evidence, writeMoment: WriteMoment): string {
  if (!silence) return ` (${reason})`;
  return `: silent for ${plural(silence.scans, 'scan', 'scans')} since ${writeMoment(silence.since.at)}`;
}

function pastSilence({ silence }: Evidence, writeMoment: WriteMoment): string {
  if (!silence) return '';
  return `, silent since ${writeMoment(silence.since.at)}`;
}

/** The services of a new host, one line each: `10.0.0.5: tcp/22 (ssh, OpenSSH 9.2p1)`; none for other kinds. */
export function describeNewServices(delta: Delta): string[] {
  if (delta.kind !== 'host.new') return [];
  return (delta.after?.services ?? []).map(
    ({ protocol, port, service }) =>
      `${delta.subject.address}: ${protocol}/${port}${inBrackets([describeService(service)])}`,
  );
}
