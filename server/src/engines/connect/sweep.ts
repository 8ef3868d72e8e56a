import type { HostBelief } from '@netdelta/core/host/belief.ts';
import {
  estimateLoss,
  joinTypical,
  type LossEstimate,
  type LossPrior,
  planAttempts,
} from '@netdelta/core/sweep/attempts.ts';
import { isRateLimited } from '@netdelta/core/sweep/host-pace.ts';
import { decidePace, type Pace, type PaceLimits } from '@netdelta/core/sweep/pace.ts';
import type { Asker, Task } from './asker.ts';
import type { ConnectPlan } from './plan.ts';
import { type HostTally, isSilent } from './tally.ts';

/** One run over the addresses of a shard, and what it has learned of their path so far. */
export interface Sweep {
  readonly plan: ConnectPlan;
  readonly hosts: readonly HostTally[];
  readonly known: ReadonlyMap<string, HostBelief>;
  readonly asker: Asker;
  readonly prior: LossPrior;
  readonly limits: PaceLimits;
  readonly signal: AbortSignal;
  pace: Pace;
}

/** So many endpoints are asked to their end, silent ones again and again, before the next ones. */
const SLICE = 16_384;
/** What all hosts together lose counts like so many answers of one host's own. */
const SHARED_WEIGHT = 20;
/** A host that limits its answers gets the questions of one pass spread over so long, in seconds. */
const LIMITED_SECONDS = 2;

/** What the path to these addresses loses, as far as it is known; hosts that limit their answers left out. */
export function shareLoss({ hosts, prior }: Sweep): LossEstimate {
  return estimateLoss(joinTypical(hosts.map(({ answers }) => answers)), prior);
}

/** Asks all ports of hosts: first those known to be open, then all once, then the silent ones again. */
export async function sweepPorts(sweep: Sweep, hosts: readonly HostTally[]): Promise<void> {
  const swept = listSwept(sweep.plan);
  const listed = new Set(swept);
  await sweep.asker.askAll(
    hosts.flatMap((host) =>
      listKnownPorts(sweep.known.get(host.address))
        .filter((port) => listed.has(port) && host.asks[port] === 0)
        .map((port) => ({ host, port })),
    ),
  );
  for (const ports of slicePorts(swept, hosts.length)) {
    if (sweep.signal.aborted) return;
    await sweepSlice(sweep, hosts, ports);
  }
  if (sweep.signal.aborted) return;
  for (const host of hosts) host.finished = true;
}

/** The ports that are asked until they answer: those of discovery where only that is wanted. */
export function listSwept({ ports, discovery }: ConnectPlan): readonly number[] {
  return ports.length > 0 ? ports : discovery;
}

/** The TCP ports by which a host answered before, the surest first. */
export function listKnownPorts(belief: HostBelief | undefined): number[] {
  const contacts = belief?.contacts.filter((contact) => contact.startsWith('tcp/')) ?? [];
  const services = belief?.services.filter(({ protocol }) => protocol === 'tcp') ?? [];
  return [
    ...new Set([
      ...contacts.map((contact) => Number(contact.slice('tcp/'.length))),
      ...services.map(({ port }) => port),
    ]),
  ];
}

function* slicePorts(ports: readonly number[], hosts: number): Generator<readonly number[]> {
  const size = Math.max(1, Math.floor(SLICE / Math.max(1, hosts)));
  for (let start = 0; start < ports.length; start += size) yield ports.slice(start, start + size);
}

async function sweepSlice(
  sweep: Sweep,
  hosts: readonly HostTally[],
  ports: readonly number[],
): Promise<void> {
  let before: PassResult | null = null;
  while (!sweep.signal.aborted) {
    const needed = planPass(sweep, hosts);
    const result = await askPass(sweep, hosts, { ports, needed });
    if (result.probes === 0) return;
    if (before && before.answers > 0) {
      const loss = Math.min(0.95, result.answers / before.answers);
      sweep.pace = decidePace(sweep.pace, { ...before, loss }, sweep.limits);
    }
    before = result;
  }
}

interface PassResult {
  readonly probes: number;
  readonly answers: number;
  /** Probes/s. */
  readonly rate: number;
}

/** How often each host's silent ports have to be asked in all, and which hosts need time. */
function planPass(sweep: Sweep, hosts: readonly HostTally[]): Map<HostTally, HostNeed> {
  const shared = shareLoss(sweep);
  const prior = { loss: shared.high, weight: SHARED_WEIGHT };
  return new Map(
    hosts
      .filter(({ ended }) => !ended)
      .map((host) => {
        const limited = isRateLimited({ answers: host.answers, sharedLoss: shared.mean });
        // A host that lost less than the others may only have been lucky.
        const own = limited ? 0 : estimateLoss(host.answers, prior).mean;
        const loss = Math.max(own, shared.high);
        return [host, { attempts: sweep.plan.attempts ?? planAttempts(loss), limited }];
      }),
  );
}

interface HostNeed {
  readonly attempts: number;
  readonly limited: boolean;
}

async function askPass(
  sweep: Sweep,
  hosts: readonly HostTally[],
  { ports, needed }: { ports: readonly number[]; needed: ReadonlyMap<HostTally, HostNeed> },
): Promise<PassResult> {
  const answered = countAnswers(hosts);
  const started = performance.now();
  let probes = 0;
  const count = function* (tasks: Iterable<Task>) {
    for (const task of tasks) {
      probes += 1;
      yield task;
    }
  };
  const [limited, free] = split(needed);
  await Promise.all([
    sweep.asker.askAll(count(listSilent(free, ports, needed))),
    ...limited.map((host) => {
      const tasks = [...listSilent([host], ports, needed)];
      return sweep.asker.askAll(count(tasks), Math.max(1, tasks.length / LIMITED_SECONDS));
    }),
  ]);
  const seconds = Math.max(0.001, (performance.now() - started) / 1000);
  return { probes, answers: countAnswers(hosts) - answered, rate: probes / seconds };
}

function split(needed: ReadonlyMap<HostTally, HostNeed>): [HostTally[], HostTally[]] {
  const all = [...needed];
  const pick = (limited: boolean) =>
    all.filter(([, need]) => need.limited === limited).map(([host]) => host);
  return [pick(true), pick(false)];
}

/** Each port of all hosts in turn, so that no host is asked much at once. */
function* listSilent(
  hosts: readonly HostTally[],
  ports: readonly number[],
  needed: ReadonlyMap<HostTally, HostNeed>,
): Generator<Task> {
  for (const port of ports)
    for (const host of hosts)
      if (isSilent(host, port) && (host.asks[port] ?? 0) < (needed.get(host)?.attempts ?? 0))
        yield { host, port };
}

function countAnswers(hosts: readonly HostTally[]): number {
  return hosts.reduce((sum, { answers }) => answers.reduce((a, b) => a + b, sum), 0);
}
