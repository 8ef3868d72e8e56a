import type { Delta, Evidence, HostSide, ServiceKind, TargetSide } from './delta.ts';
import { describeMoment } from './describe-moment.ts';
import { describeService, describeServiceChange } from './describe-service.ts';

/** Writes an instant (ISO 8601) for a person. */
export type WriteMoment = (iso: string) => string;

type DeltaOfKind<Kind extends Delta['kind']> = Extract<Delta, { kind: Kind }>;
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
      return `${hostName(delta.subject.address, delta.before)} went down${silence(delta.evidence, writeMoment)}`;
    default:
      return `${endpoint(delta)} ${serviceVerb(delta, writeMoment)}`;
  }
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

function endpoint({ subject }: ServiceDelta): string {
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
  return ` after ${plural(silence.scans, 'silent scan', 'silent scans')} since ${writeMoment(silence.since.at)}`;
}

function plural(count: number, one: string, many: string): string {
  return `${count} ${count === 1 ? one : many}`;
}

/** The services of a new host, one line each: `10.0.0.5: tcp/22 (ssh, OpenSSH 9.2p1)`; none for other kinds. */
export function describeNewServices(delta: Delta): string[] {
  if (delta.kind !== 'host.new') return [];
  return (delta.after?.services ?? []).map(
    ({ protocol, port, service }) =>
      `${delta.subject.address}: ${protocol}/${port}${inBrackets([describeService(service)])}`,
  );
}
