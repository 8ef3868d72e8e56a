import { formatPortSet } from '@netdelta/core/snapshot/port-set.ts';
import type { HostObservation } from '@netdelta/core/snapshot/snapshot.ts';
import type { Engine, EngineAbility, EngineRequest, EngineResult } from '../engine.ts';
import { selectNames } from './names.ts';
import { type ConnectPlan, planConnect } from './plan.ts';
import { runSweep } from './sweep.ts';
import { createTally, type HostTally, isUnreachable, observeTally } from './tally.ts';

const ABILITY: EngineAbility = {
  name: 'connect',
  available: true,
  version: process.version.slice(1),
  privileged: false,
  note: 'Plain TCP connects: no UDP, operating system detection or scripts. Install nmap for these.',
};
const PROGRESS_MS = 250;
const MINUTE_MS = 60_000;
/** Timers hold 31 bits. */
const LONGEST_MS = 2 ** 31 - 1;

/** TCP connects by this process itself, as an engine: it needs no privilege and no program. */
export function createConnectEngine(): Engine {
  return { name: 'connect', detect: () => Promise.resolve(ABILITY), run: runConnect };
}

async function runConnect(request: EngineRequest): Promise<EngineResult> {
  const { addresses, options, signal } = request;
  const plan = planConnect(options);
  const hosts = addresses.map((address) => createTally(address, plan.ports.length));
  const limit = AbortSignal.timeout(Math.min(options.shardTimeoutMinutes * MINUTE_MS, LONGEST_MS));
  const sweep = {
    plan,
    hosts,
    maxRate: options.maxRate,
    hostTimeoutMs: options.hostTimeoutSeconds && options.hostTimeoutSeconds * 1000,
    banners: options.serviceDetection && plan.covered.length > 0,
    signal: AbortSignal.any([signal, limit]),
    onPort: createProgress(request, hosts, plan),
  };
  if (plan.ports.length > 0) await runSweep(sweep);
  refuseWithoutRoute(hosts, plan);
  const reason = signal.aborted ? 'cancelled' : 'truncated';
  const observed = plan.ports.length > 0 ? hosts.filter(isFinished) : [];
  const seen = await Promise.all(observed.map((host) => observe(host, plan, request)));
  const stopped = sweep.signal.aborted;
  return {
    ...decideEnd({ request, plan, hosts, seen, stopped }),
    command: describeCommand(request, plan),
    version: ABILITY.version ?? '',
    snapshot: {
      hosts: seen,
      uncovered: hosts
        .filter((host) => !observed.includes(host))
        .map((host) => ({ address: host.address, reason: host.ended ?? reason })),
    },
  };
}

/** Every single port unreachable by route: then this machine's own way out is broken, not the hosts. */
function refuseWithoutRoute(hosts: readonly HostTally[], { ports }: ConnectPlan): void {
  if (ports.length === 0 || !hosts.every((host) => isFinished(host) && isUnreachable(host, ports)))
    return;
  for (const host of hosts) {
    host.ended = 'engine-error';
    host.problem = 'no route to any of them';
  }
}

function isFinished(host: HostTally): boolean {
  return host.remaining === 0 && host.ended === undefined;
}

async function observe(
  host: HostTally,
  plan: ConnectPlan,
  { options, signal }: EngineRequest,
): Promise<HostObservation> {
  const named = options.reverseDns && host.up && !signal.aborted;
  return observeTally(host, plan, named ? await selectNames(host.address) : []);
}

function createProgress(request: EngineRequest, hosts: readonly HostTally[], plan: ConnectPlan) {
  const total = Math.max(1, hosts.length * plan.ports.length);
  let done = 0;
  let toldAt = Number.NEGATIVE_INFINITY;
  return () => {
    done += 1;
    const now = performance.now();
    if (now - toldAt < PROGRESS_MS && done < total) return;
    toldAt = now;
    request.onProgress({
      fraction: Math.min(1, done / total),
      hostsUp: hosts.filter((host) => host.up).length,
      servicesOpen: plan.covered.length > 0 ? hosts.reduce((sum, { open }) => sum + open, 0) : 0,
    });
  };
}

interface Outcome {
  readonly request: EngineRequest;
  readonly plan: ConnectPlan;
  readonly hosts: readonly HostTally[];
  readonly seen: readonly HostObservation[];
  readonly stopped: boolean;
}

function decideEnd(outcome: Outcome): Pick<EngineResult, 'end' | 'problem'> {
  const { request, plan, hosts, seen, stopped } = outcome;
  if (request.signal.aborted) return { end: 'cancelled' };
  const problems = [
    ...(stopped ? [describeTimeout(outcome)] : []),
    ...describeErrors(hosts),
    ...(plan.lacksPorts && plan.ports.length === 0 ? ['Only UDP ports were asked.'] : []),
  ];
  const timedOut = hosts.filter(({ ended }) => ended === 'host-timeout').length;
  const omitted = plan.omitted.map((what) => `The connect engine cannot do this: ${what}.`);
  const late = timedOut > 0 ? [`${timedOut} addresses exceeded the host time-out.`] : [];
  const notes = [...problems, ...late, ...omitted];
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

function describeCommand({ options }: EngineRequest, plan: ConnectPlan): string[] {
  const ports = plan.covered.length > 0 ? formatPortSet(plan.covered) : plan.ports.join(',');
  return [
    'connect',
    `ports=${ports}`,
    `sockets=${plan.sockets}`,
    `timeout=${plan.timeoutMs}ms`,
    `attempts=${plan.attempts}`,
    ...(options.maxRate ? [`rate=${options.maxRate}/s`] : []),
    ...(options.serviceDetection ? ['banners'] : []),
  ];
}
