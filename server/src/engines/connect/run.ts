import { asksIcmp } from '@netdelta/core/profile/discovery-way.ts';
import type { ScanOptions } from '@netdelta/core/profile/options.ts';
import type { HostObservation } from '@netdelta/core/snapshot/snapshot.ts';
import { UNKNOWN_PATH } from '@netdelta/core/sweep/attempts.ts';
import { isRateLimited } from '@netdelta/core/sweep/host-pace.ts';
import { startPace } from '@netdelta/core/sweep/pace.ts';
import type { Engine, EngineAbility, EngineRequest, EngineResult } from '../engine.ts';
import type { NmapProgram } from '../nmap/program.ts';
import { createAsker } from './asker.ts';
import { askSilentAgain, askWhoIsUp } from './discover.ts';
import { decideEnd, describeCommand } from './ending.ts';
import { identifyServices } from './identify.ts';
import { selectNames } from './names.ts';
import { selectNeighbours } from './neighbours.ts';
import { selectOpenFiles } from './open-files.ts';
import { type ConnectPlan, planConnect } from './plan.ts';
import { askPresence, type Companion } from './presence.ts';
import { startProgress } from './progress.ts';
import { listSwept, type Sweep, shareLoss, sweepPorts } from './sweep.ts';
import {
  countOpenProbes,
  countProbes,
  createTally,
  type HostTally,
  isUnreachable,
  observeTally,
} from './tally.ts';

const ABILITY: EngineAbility = {
  name: 'connect',
  available: true,
  version: process.version.slice(1),
  privileged: false,
  note: 'Plain TCP connects: no UDP, operating system detection or scripts. Install nmap for these.',
};
const MINUTE_MS = 60_000;
/** Timers hold 31 bits. */
const LONGEST_MS = 2 ** 31 - 1;
/** What the last scans lost counts like so many answers of this one. */
const PRIOR_WEIGHT = 10;

/**
 * TCP connects by this process itself, as an engine: it needs no privilege and no program. Where a
 * profile leaves the choice (`auto`) and nmap is there, nmap asks the silent addresses by ICMP and
 * ARP, and identifies what is new.
 */
export function createConnectEngine(nmap?: NmapProgram): Engine {
  return {
    name: 'connect',
    detect: () => Promise.resolve(ABILITY),
    run: (request) => runConnect(nmap, request),
  };
}

async function runConnect(
  nmap: NmapProgram | undefined,
  request: EngineRequest,
): Promise<EngineResult> {
  const { addresses, options, signal } = request;
  const companion = await findCompanion(nmap, options);
  const topPorts = companion && (await selectTopPorts(companion.program, request));
  const openFiles = await selectOpenFiles();
  const plan = planConnect(options, {
    ...(topPorts && { topPorts }),
    ...(openFiles !== null && { openFiles }),
  });
  const swept = new Set(listSwept(plan));
  const hosts = addresses.map((address) => createTally(address, swept));
  const sweep = createSweep(request, plan, hosts);
  const progress = startProgress(request, { hosts, plan });
  try {
    await runPhases(sweep, companion, options);
  } finally {
    sweep.asker.end();
    progress.end(sweep.signal.aborted);
  }
  const asksNothing = plan.ports.length === 0 && plan.discovery.length === 0;
  const observed = asksNothing ? [] : hosts.filter(isFinished);
  const seen = await observeAll(observed, plan, request);
  const outcome = { request, plan, hosts, seen, companion, stopped: sweep.signal.aborted };
  return {
    ...decideEnd(outcome),
    command: describeCommand(outcome),
    version: ABILITY.version ?? '',
    counts: countLosses(sweep),
    snapshot: {
      hosts: seen,
      uncovered: hosts
        .filter((host) => !observed.includes(host))
        .map(({ address, ended }) => ({
          address,
          reason: ended ?? (signal.aborted ? 'cancelled' : 'truncated'),
        })),
    },
  };
}

function countLosses(sweep: Sweep): EngineResult['counts'] {
  const sharedLoss = shareLoss(sweep).mean;
  return new Map(
    sweep.hosts.map((host) => {
      const limited = isRateLimited({ answers: host.answers, sharedLoss });
      const count = limited ? countOpenProbes(host, sweep.plan.ports) : countProbes(host);
      return [host.address, count];
    }),
  );
}

/** nmap helps only where the profile leaves the choice. */
async function findCompanion(
  program: NmapProgram | undefined,
  options: ScanOptions,
): Promise<Companion | undefined> {
  if (!program || options.engine !== 'auto') return undefined;
  const { available, privileged } = await program.detect();
  return available ? { program, options, privileged, commands: [], problems: [] } : undefined;
}

async function selectTopPorts(
  program: NmapProgram,
  { options: { tcp }, signal }: EngineRequest,
): Promise<string> {
  if (tcp.kind !== 'top') return '';
  return program.selectTopPorts({ protocol: 'tcp', count: tcp.count }, signal);
}

function createSweep(
  { options, known, loss, signal }: EngineRequest,
  plan: ConnectPlan,
  hosts: readonly HostTally[],
): Sweep {
  const limit = AbortSignal.timeout(Math.min(options.shardTimeoutMinutes * MINUTE_MS, LONGEST_MS));
  const ends = AbortSignal.any([signal, limit]);
  const limits = { minRate: options.minRate, maxRate: options.maxRate };
  const sweep: Sweep = {
    plan,
    hosts,
    known,
    limits,
    pace: startPace(limits),
    prior: loss === undefined ? UNKNOWN_PATH : { loss, weight: PRIOR_WEIGHT },
    signal: ends,
    asker: createAsker({
      sockets: plan.sockets,
      timeouts: plan.timeouts,
      rate: () => sweep.pace.rate,
      banners: options.serviceDetection && plan.covered.length > 0,
      hostTimeoutMs: options.hostTimeoutSeconds && options.hostTimeoutSeconds * 1000,
      signal: ends,
    }),
  };
  return sweep;
}

/** Who is up; the ports of each as soon as it is known to be up; then what listens there. */
async function runPhases(
  sweep: Sweep,
  companion: Companion | undefined,
  options: ScanOptions,
): Promise<void> {
  const { plan, hosts } = sweep;
  if (plan.discovery.length === 0) await sweepPorts(sweep, hosts);
  else await discoverAndSweep(sweep, asksIcmp(options) ? companion : undefined);
  await sweep.asker.hearRest();
  if (sweep.signal.aborted) return;
  for (const host of hosts.filter(({ up }) => !up)) host.finished = true;
  refuseWithoutRoute(hosts);
  if (companion && options.serviceDetection) await identifyServices(sweep, companion);
}

async function discoverAndSweep(sweep: Sweep, companion: Companion | undefined): Promise<void> {
  const sweeps: Promise<void>[] = [];
  const onFound = (found: readonly HostTally[]) => {
    if (found.length === 0) return;
    const running = sweepPorts(sweep, found);
    // It is awaited below: until then its failure is nobody's.
    running.catch(() => undefined);
    sweeps.push(running);
  };
  onFound(await askWhoIsUp(sweep, sweep.hosts));
  await Promise.all([
    askSilentAgain(sweep, onFound),
    companion?.privileged && askPresence(sweep, companion, onFound),
  ]);
  await Promise.all(sweeps);
}

/** Everything unreachable by route: then this machine's own way out is broken, not the hosts. */
function refuseWithoutRoute(hosts: readonly HostTally[]): void {
  if (!hosts.every((host) => isFinished(host) && !host.up && isUnreachable(host))) return;
  for (const host of hosts) {
    host.ended = 'engine-error';
    host.problem = 'no route to any of them';
  }
}

function isFinished(host: HostTally): boolean {
  return host.finished && host.ended === undefined;
}

async function observeAll(
  hosts: readonly HostTally[],
  plan: ConnectPlan,
  { options, signal }: EngineRequest,
): Promise<HostObservation[]> {
  const neighbours = await selectNeighbours();
  return Promise.all(
    hosts.map(async (host) => {
      const mac = host.up && neighbours.get(host.address);
      const named = options.reverseDns && host.up && !signal.aborted;
      const seen = observeTally(host, plan, named ? await selectNames(host.address) : []);
      return mac ? { mac, ...seen } : seen;
    }),
  );
}
