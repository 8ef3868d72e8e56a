import { describeProbability } from '../evidence/describe-probability.ts';
import { describeProbes, describeSeconds, timeAfter } from '../evidence/describe-probes.ts';
import { describeReason } from '../evidence/describe-reason.ts';
import { gradeEvidence } from '../evidence/evidence-grade.ts';
import { FLAPPING_WINDOW } from '../evidence/flapping.ts';
import { plural } from '../evidence/plural.ts';
import type { Delta, DeltaOfKind, Evidence, SteadinessSide } from './delta.ts';
import type { WriteMoment } from './describe-delta.ts';
import { describeMoment } from './describe-moment.ts';
import { ADDRESS_TAKEN } from './host-delta.ts';

/**
 * Says in one sentence why a delta was reported: what was seen, how it was asked again, what it was
 * weighed with. `Reported because it refused the connection (RST): a refusal is an answer.` Instants
 * are written in UTC unless `writeMoment` is given.
 */
export function explainDelta(delta: Delta, writeMoment: WriteMoment = describeMoment): string {
  return `Reported ${explain(delta, writeMoment)}.`;
}

function explain(delta: Delta, writeMoment: WriteMoment): string {
  const { evidence } = delta;
  const { reason } = evidence;
  switch (delta.kind) {
    case 'target.added':
    case 'target.removed':
      return 'because a person edited the targets of the group; no scan decided it';
    case 'host.new':
      return `because ${describeReason(reason)}, and no earlier scan had seen it up: an answer counts at once`;
    case 'host.returned':
      return `because ${describeReason(reason)}${pastSilence(evidence, writeMoment)}: an answer counts at once`;
    case 'host.moved':
      return `because ${delta.after?.identity} answered here, at no other address, and not at ${delta.before?.address} any more`;
    case 'service.opened':
      return `because ${describeReason(reason)}, and an earlier scan that asked this port had not found it open: an answer counts at once`;
    case 'service.changed':
      return explainReplaced(evidence);
    case 'host.down':
    case 'service.filtered':
    case 'service.closed':
      return `because ${explainGone(delta.kind, evidence, writeMoment)}`;
    case 'host.flapping':
    case 'service.flapping':
      return explainFlapping(delta.after);
    case 'host.answersEverything':
      return explainEverything(delta);
    case 'subnet.down':
      return `as one because ${countHosts(delta)} of ${delta.subject.target} fell silent in the same scan and no live host is left there; of the first of them ${explainGone('host.down', evidence, writeMoment)}`;
    case 'subnet.returned':
      return `as one because ${countHosts(delta)} of ${delta.subject.target} answered again in the same scan${pastSilence(evidence, writeMoment)}: an answer counts at once`;
    case 'scanner.blind':
      return explainBlind(delta);
  }
}

type GoneKind = 'host.down' | 'service.filtered' | 'service.closed';

function explainGone(kind: GoneKind, evidence: Evidence, writeMoment: WriteMoment): string {
  const { silence, confirmation, reason } = evidence;
  if (silence && reason === ADDRESS_TAKEN)
    return `another host answers at its address, and it was seen nowhere in ${plural(silence.scans, 'scan')}${silence.scans > 1 ? ' in a row' : ''} since ${writeMoment(silence.since.at)}${weighBesides(evidence)}`;
  if (!silence && reason !== 'no-response') return explainRefusal(evidence);
  if (!silence || silence.downAfter === 'evidence')
    return `${confirmation && silence ? afterSilentScans(silence) : ''}${weighSilence(kind, evidence)}`;
  const scans =
    silence.scans === 1
      ? 'in one scan'
      : `in ${silence.scans} scans in a row since ${writeMoment(silence.since.at)}`;
  const rule = `nothing answered ${scans}, as the rule of ${plural(silence.downAfter, 'silent scan')} asks for`;
  return `${rule}${weighBesides(evidence)}`;
}

/** The evidence rule: the probes of this scan, and what earlier silent scans had left as their prior. */
function weighSilence(kind: GoneKind, { silence, confirmation, likelihood }: Evidence): string {
  const gone = likelihood === undefined ? '' : `: ${goneWith(likelihood)}`;
  if (confirmation) {
    const live = kind === 'host.down' ? 'a live host' : 'a live endpoint';
    return `nothing answered ${describeProbes(confirmation.probes)}, while ${live} on this path leaves ${describeProbability(confirmation.loss)} of them unanswered${gone}`;
  }
  if (!silence) return `nothing answered${gone}`;
  const scans = plural(silence.scans, 'scan');
  return `nothing answered in ${scans} in a row, and it could not be asked again${gone}`;
}

function afterSilentScans({ scans }: NonNullable<Evidence['silence']>): string {
  return scans > 1 ? `it was silent in ${scans} scans in a row, and in the last of them ` : '';
}

/** A number of scans decided; what the probes say is told besides. */
function weighBesides(evidence: Evidence): string {
  const { confirmation, likelihood } = evidence;
  if (likelihood === undefined) return '';
  const asked = confirmation
    ? `; asked again in the last of them, ${describeProbes(confirmation.probes)} stayed unanswered`
    : '';
  if (gradeEvidence(evidence) !== 'unverified') return `${asked}: ${goneWith(likelihood)}`;
  return `${asked}: by that alone it is gone with a probability of only ${describeProbability(likelihood)}, which leaves it unverified`;
}

function goneWith(likelihood: number): string {
  return `it is gone with a probability of ${describeProbability(likelihood)}`;
}

/** A refusal is an answer; when silence follows it, it is more likely than not. */
function explainRefusal({ reason, confirmation, likelihood = 1 }: Evidence): string {
  const seen = describeReason(reason);
  if (!confirmation)
    return likelihood < 1
      ? `${seen}, and could not be asked again: ${closedWith(likelihood)}`
      : `${seen}: a refusal is an answer`;
  const { probes } = confirmation;
  const at = probes.findIndex(({ state }) => state !== 'silent');
  if (at !== -1)
    return `${seen} when it was asked again ${describeSeconds(timeAfter(probes, at))} after the sweep: a refusal is an answer`;
  return `${seen}, and then nothing answered ${describeProbes(probes)}: ${closedWith(likelihood)}`;
}

function closedWith(likelihood: number): string {
  return `it is closed with a probability of ${describeProbability(likelihood)}`;
}

function explainReplaced({ likelihood = 1 }: Evidence): string {
  const seen = 'because another service answered than the known one';
  if (likelihood >= 1) return `${seen}: what a service says of itself counts`;
  return `${seen}, but asked once more it did not say what it is: it is another with a probability of ${describeProbability(likelihood)}`;
}

function pastSilence({ silence }: Evidence, writeMoment: WriteMoment): string {
  return silence
    ? `, after having been silent since ${writeMoment(silence.since.at)}`
    : ', after having been down';
}

function explainFlapping(after: SteadinessSide | null): string {
  if (after?.flapping === false)
    return `because it hardly changed within the last ${FLAPPING_WINDOW} scans, so that its changes are told one by one again`;
  return `once because it changed ${plural(after?.changes ?? 0, 'time')} within the last ${FLAPPING_WINDOW} scans; further changes are not told until it is steady`;
}

function explainEverything({ after }: DeltaOfKind<'host.answersEverything'>): string {
  if (!after?.answersEverything)
    return 'because ports that nobody uses do not accept connections any more, so that its services can be told again';
  return `as one because ports that nobody uses, chosen at random, accepted connections as well: its ${plural(after.openPorts, 'open port')} prove nothing`;
}

function explainBlind({ after }: DeltaOfKind<'scanner.blind'>): string {
  const hosts = plural(after?.silentHosts ?? 0, 'host');
  const sentinels = after?.sentinels.length ?? 0;
  const asked =
    sentinels === 0
      ? 'and there was no sentinel to ask'
      : `and none of ${plural(sentinels, 'sentinel')} answered either`;
  return `because ${hosts} fell silent at once ${asked}: the scanner or its way failed, so nothing was concluded of any host`;
}

function countHosts({ after }: DeltaOfKind<'subnet.down' | 'subnet.returned'>): string {
  return plural(after?.addresses.length ?? 0, 'host');
}
