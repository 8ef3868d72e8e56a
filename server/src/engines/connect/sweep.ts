import type { Socket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { type Answer, askPort } from './ask.ts';
import { readBanner } from './banner.ts';
import { createPacer } from './pacer.ts';
import { parseBanner } from './parse-banner.ts';
import type { ConnectPlan } from './plan.ts';
import { countPort, type HostTally } from './tally.ts';

/** One pass over all ports of all hosts. */
export interface Sweep {
  readonly plan: ConnectPlan;
  readonly hosts: readonly HostTally[];
  readonly maxRate: number | undefined;
  readonly hostTimeoutMs: number | undefined;
  readonly banners: boolean;
  readonly signal: AbortSignal;
  readonly onPort: () => void;
}

/** So many hosts are asked together, each port of all of them in turn; then the next. */
const BLOCK = 32;
const BUSY_MS = 100;
/** This machine stays short of sockets for so long (10 s) before its host is given up. */
const BUSY_TIMES = 100;

/** Asks every port of every host, within the plan's number of sockets. Ends at once on abort. */
export async function runSweep(sweep: Sweep): Promise<void> {
  const sockets = new Set<Socket>();
  const destroyAll = () => {
    for (const socket of sockets) socket.destroy();
  };
  sweep.signal.addEventListener('abort', destroyAll, { once: true });
  const pace = createPacer(sweep.maxRate, sweep.signal);
  const tasks = listTasks(sweep);
  const work = async () => {
    for (let task = tasks.next(); !task.done; task = tasks.next()) {
      if (sweep.signal.aborted) return;
      await askTask({ ...task.value, sweep, sockets, pace });
    }
  };
  try {
    await Promise.all(Array.from({ length: countWorkers(sweep) }, work));
  } catch (error) {
    if (!sweep.signal.aborted) throw error;
  } finally {
    sweep.signal.removeEventListener('abort', destroyAll);
    destroyAll();
  }
}

/** No more at a time than the rate lets through while one waits: the rest would only queue. */
function countWorkers({ plan, maxRate }: Sweep): number {
  if (maxRate === undefined) return plan.sockets;
  return Math.min(plan.sockets, 1 + Math.ceil((maxRate * plan.timeoutMs) / 1000));
}

interface Task {
  readonly host: HostTally;
  readonly port: number;
}

interface Work extends Task {
  readonly sweep: Sweep;
  readonly sockets: Set<Socket>;
  readonly pace: () => Promise<void>;
}

function* listTasks({ plan, hosts }: Sweep): Generator<Task, void> {
  for (let start = 0; start < hosts.length; start += BLOCK) {
    const block = hosts.slice(start, start + BLOCK);
    for (const port of plan.ports) for (const host of block) yield { host, port };
  }
}

async function askTask(work: Work): Promise<void> {
  const { host, port, sweep } = work;
  const answer = await askUntilAnswered(work);
  if (sweep.signal.aborted) return;
  if (answer === null) return sweep.onPort();
  if (answer.kind === 'seen') {
    if (answer.socket) await hearService(work, answer.socket);
    if (sweep.signal.aborted || host.ended) return sweep.onPort();
    countPort(host, port, [answer.state, answer.reason]);
  } else giveUp(host, answer.kind === 'busy' ? 'too few free sockets' : answer.message);
  sweep.onPort();
}

function isOver(host: HostTally, { hostTimeoutMs }: Sweep): boolean {
  host.startedAt ??= performance.now();
  if (host.ended) return true;
  if (hostTimeoutMs === undefined || performance.now() - host.startedAt < hostTimeoutMs)
    return false;
  host.ended = 'host-timeout';
  return true;
}

function giveUp(host: HostTally, problem: string): void {
  host.ended ??= 'engine-error';
  host.problem ??= problem;
}

/** Silence is asked again, as often as the plan says; anything else is believed at once. Null: the host's time is over. */
async function askUntilAnswered(work: Work): Promise<Answer | null> {
  const { host, port, sweep, sockets, pace } = work;
  const { attempts, timeoutMs } = sweep.plan;
  let busy = 0;
  for (let attempt = 1; ; ) {
    if (isOver(host, sweep)) return null;
    await pace();
    if (isOver(host, sweep)) return null;
    const answer = await askPort({ address: host.address, port, timeoutMs, sockets });
    if (sweep.signal.aborted || answer.kind === 'refused') return answer;
    if (answer.kind === 'seen' && (answer.state !== 'silent' || attempt >= attempts)) return answer;
    if (answer.kind === 'seen') attempt += 1;
    else {
      busy += 1;
      if (busy >= BUSY_TIMES) return answer;
      await wait(BUSY_MS, undefined, { signal: sweep.signal });
    }
  }
}

async function hearService({ host, port, sweep }: Work, socket: Socket): Promise<void> {
  if (!sweep.banners) {
    socket.destroy();
    return;
  }
  const service = parseBanner(await readBanner(socket, 2 * sweep.plan.timeoutMs));
  if (service && !sweep.signal.aborted) host.services.set(port, service);
}
