import type { Delta, Evidence } from '../delta/delta.ts';
import type { HostBelief, Silence } from '../host/belief.ts';
import type { DownAfter, SilenceRules } from '../host/silence-rule.ts';
import { endpointKey } from '../snapshot/endpoint-index.ts';

/** Says in a few words why a delta is told: `silent in 3 scans in a row`, `syn-ack`. */
export function describeTold({ evidence }: Pick<Delta, 'evidence'>): string {
  const { silence, reason } = evidence;
  if (!silence) return `${reason}${describeProbes(evidence)}`;
  const scans = `silent in ${countScans(silence.scans)}`;
  return silence.downAfter === 'evidence'
    ? `${scans}${describeProbes(evidence)}, ${describeLikelihood(evidence.likelihood)}`
    : `${scans}, as the rule says`;
}

function describeProbes({ confirmation }: Evidence): string {
  const probes = confirmation?.probes.length ?? 0;
  return probes > 0 ? `, asked again ${probes === 1 ? 'once' : `${probes} times`}` : '';
}

/**
 * Says in a few words why a delta is not told by rules under which this is believed of its host
 * after the scan: `held: silent in 1 scan, the rule says 3`.
 */
export function describeUntold(
  { subject }: Pick<Delta, 'kind' | 'subject'>,
  belief: HostBelief | undefined,
  { downAfter, serviceDownAfter }: SilenceRules,
): string {
  if ('target' in subject) return 'its hosts are judged one by one';
  if (!belief) return 'never seen up';
  const endpoint = 'port' in subject ? endpointKey(subject) : undefined;
  const what = endpoint ?? 'host';
  if (belief.unsteady.some((one) => one.what === what && one.flappingSince !== undefined))
    return 'it flaps, which is told once';
  const service = belief.services.find((one) => endpointKey(one) === endpoint);
  const [silence, rule] = endpoint
    ? [service?.silence, serviceDownAfter]
    : [belief.silence, downAfter];
  const down = belief.status === 'DOWN' || belief.status === 'STILL_DOWN';
  if (silence && !(down && !endpoint)) return describeHeld(silence, rule);
  if (down || (endpoint && !service)) return 'it counts as gone since an earlier scan';
  return 'it was never told to be gone';
}

function describeHeld({ scans, likelihood }: Silence, rule: DownAfter): string {
  const silent = `held: silent in ${countScans(scans)}`;
  return rule === 'evidence'
    ? `${silent}, ${describeLikelihood(likelihood)}`
    : `${silent}, the rule says ${rule}`;
}

function describeLikelihood(likelihood = 0): string {
  return `likelihood ${(Math.floor(likelihood * 1_000) / 10).toFixed(1)} %`;
}

function countScans(scans: number): string {
  return scans === 1 ? '1 scan' : `${scans} scans in a row`;
}
