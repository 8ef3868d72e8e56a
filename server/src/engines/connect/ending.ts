import { formatPortSet } from '@netdelta/core/snapshot/port-set.ts';
import type { HostObservation } from '@netdelta/core/snapshot/snapshot.ts';
import type { EngineRequest, EngineResult } from '../engine.ts';
import type { ConnectPlan } from './plan.ts';
import type { Companion } from './presence.ts';
import type { HostTally } from './tally.ts';

/** All that is known when a run has ended. */
export interface Outcome {
  readonly request: EngineRequest;
  readonly plan: ConnectPlan;
  readonly hosts: readonly HostTally[];
  readonly seen: readonly HostObservation[];
  readonly companion: Companion | undefined;
  /** Cancelled, or out of time. */
  readonly stopped: boolean;
}

/** Decides how the run ended, and says so to a person. */
export function decideEnd(outcome: Outcome): Pick<EngineResult, 'end' | 'problem'> {
  const { request, plan, hosts, seen, companion, stopped } = outcome;
  if (request.signal.aborted) return { end: 'cancelled' };
  const onlyUdp = plan.lacksPorts && plan.ports.length === 0;
  const problems = [
    ...(stopped ? [describeTimeout(outcome)] : []),
    ...describeErrors(hosts),
    ...(onlyUdp ? ['Only UDP ports were asked.'] : []),
  ];
  const timedOut = hosts.filter(({ ended }) => ended === 'host-timeout').length;
  const omitted = plan.omitted.map((what) => `The connect engine cannot do this: ${what}.`);
  const late = timedOut > 0 ? [`${timedOut} addresses exceeded the host time-out.`] : [];
  const notes = [...problems, ...(companion?.problems ?? []), ...late, ...omitted];
  const less = problems.length > 0 || plan.lacksPorts;
  return {
    end: !less ? 'finished' : seen.length > 0 ? 'partial' : 'failed',
    ...(notes.length > 0 && { problem: notes.join(' ') }),
  };
}

function describeTimeout({ request, seen, hosts }: Outcome): string {
  return `The scan did not finish within ${request.options.shardTimeoutMinutes} min; ${seen.length} of ${hosts.length} addresses were finished. Allow more time in the profile, or ask fewer ports.`;
}

function describeErrors(hosts: readonly HostTally[]): string[] {
  const failed = hosts.filter(({ ended }) => ended === 'engine-error');
  if (failed.length === 0) return [];
  const causes = [...new Set(failed.map(({ problem }) => problem))].slice(0, 3).join(', ');
  return [
    `This machine could not ask ${failed.length} of ${hosts.length} addresses (${causes}): check its firewall, routes and limit of open files.`,
  ];
}

/** Everything that ran: the sweep, and each call of nmap behind a `+`. */
export function describeCommand({ request, plan, companion }: Outcome): string[] {
  const { options } = request;
  const only = plan.ports.length === 0;
  return [
    'connect',
    ...(plan.discovery.length > 0 ? [`discovery=${plan.discovery.join(',')}`] : []),
    ...(only ? [] : [`ports=${formatPortSet(plan.covered)}`]),
    `sockets=${plan.sockets}`,
    `timeout=${Math.min(plan.timeouts.floorMs, plan.timeouts.ceilingMs)}-${plan.timeouts.ceilingMs}ms`,
    `attempts=${plan.attempts ?? 'by loss'}`,
    ...(options.maxRate ? [`rate=${options.maxRate}/s`] : []),
    ...(options.serviceDetection ? ['banners'] : []),
    ...(companion?.commands.flatMap((command) => ['+', ...command]) ?? []),
  ];
}
