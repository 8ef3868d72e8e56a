import type { ServiceCandidate } from '../compare/compare-services.ts';
import type { ServiceBelief } from '../host/belief.ts';
import type { DownAfter } from '../host/silence-rule.ts';
import { buildEvidence } from './build-evidence.ts';
import type { Delta, ServiceKind, ServiceSide } from './delta.ts';

/** Makes the delta of a service from a candidate that stands. */
export function buildServiceDelta(
  address: string,
  candidate: ServiceCandidate,
  rule: DownAfter,
): Delta {
  const { before, after, state, reason, silence, finding } = candidate;
  const subject = (after ?? before) as ServiceBelief;
  return {
    kind: serviceKind(candidate),
    subject: { address, protocol: subject.protocol, port: subject.port },
    before: before && openSide(before),
    after: after ? openSide(after) : { state, reason },
    evidence: buildEvidence(reason, { silence, finding, rule }),
  };
}

function serviceKind({ before, after, state }: ServiceCandidate): ServiceKind {
  if (!after) return state === 'closed' ? 'service.closed' : 'service.filtered';
  return before ? 'service.changed' : 'service.opened';
}

function openSide({ reason, service }: ServiceBelief): ServiceSide {
  return { state: 'open', reason, ...(service && { service }) };
}
