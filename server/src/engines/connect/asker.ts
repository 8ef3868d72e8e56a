import type { Socket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import {
  addRoundTrip,
  decideTimeout,
  type RoundTrips,
  type TimeoutLimits,
} from '@netdelta/core/sweep/time-out.ts';
import { type Answer, askPort } from './ask.ts';
import { readBanner } from './banner.ts';
import { createPacer } from './pacer.ts';
import { parseBanner } from './parse-banner.ts';
import { createSlots } from './slots.ts';
import { countPort, type HostTally } from './tally.ts';

/** One endpoint to be asked once. */
export interface Task {
  readonly host: HostTally;
  readonly port: number;
}

export interface AskerParts {
  readonly sockets: number;
  readonly timeouts: TimeoutLimits;
  /** Probes/s at most, as it is now; null: as fast as the sockets allow. */
  readonly rate: () => number | null;
  /** Open services are heard, and what they say is parsed. */
  readonly banners: boolean;
  readonly hostTimeoutMs: number | undefined;
  readonly signal: AbortSignal;
}

/** Asks endpoints by TCP connects, all callers together within the same sockets and rate. */
export interface Asker {
  /** Asks each endpoint once, no faster than `rate` (probes/s), and notes it in its host's tally. */
  readonly askAll: (tasks: Iterable<Task>, rate?: number) => Promise<void>;
  /** When all that is open was heard. */
  readonly hearRest: () => Promise<void>;
  /** Ends all sockets at once. */
  readonly end: () => void;
}

const BUSY_MS = 100;
/** This machine stays short of sockets for so long (10 s) before its host is given up. */
const BUSY_TIMES = 100;

interface Work extends AskerParts {
  readonly openSockets: Set<Socket>;
  trips: RoundTrips | null;
}

export function createAsker(parts: AskerParts): Asker {
  const work: Work = { ...parts, openSockets: new Set(), trips: null };
  const slots = createSlots(parts.sockets);
  const pace = createPacer(parts.rate, parts.signal);
  const hearing = new Set<Promise<void>>();
  const ask = async (task: Task) => {
    const socket = await askOnce(work, task).catch(forgetAbort(parts.signal));
    if (!socket) return slots.release();
    const heard = hear(work, task, socket).finally(() => {
      hearing.delete(heard);
      slots.release();
    });
    hearing.add(heard);
  };
  const end = () => {
    for (const socket of work.openSockets) socket.destroy();
  };
  parts.signal.addEventListener('abort', end, { once: true });
  return {
    askAll: async (tasks, rate) => {
      const own = createPacer(() => rate ?? null, parts.signal);
      const asked: Promise<void>[] = [];
      for (const task of tasks) {
        if (isOver(task.host, work)) continue;
        await slots.take();
        const go = await Promise.all([pace(), own()]).catch(forgetAbort(parts.signal));
        if (!go || parts.signal.aborted) {
          slots.release();
          break;
        }
        asked.push(ask(task));
      }
      await Promise.all(asked);
    },
    hearRest: async () => {
      await Promise.all(hearing);
    },
    end: () => {
      parts.signal.removeEventListener('abort', end);
      end();
    },
  };
}

function forgetAbort(signal: AbortSignal): (error: unknown) => undefined {
  return (error) => {
    if (!signal.aborted) throw error;
  };
}

/** Asks and notes; the socket of an open service that is to be heard is handed back. */
async function askOnce(work: Work, task: Task): Promise<Socket | undefined> {
  const { host, port } = task;
  const answer = await askUntilFree(work, task);
  if (answer === null || work.signal.aborted || host.ended) return discard(answer);
  if (answer.kind === 'busy') return giveUp(host, 'too few free sockets');
  if (answer.kind === 'refused') return giveUp(host, answer.message);
  countPort(host, port, [answer.state, answer.reason]);
  return work.banners ? answer.socket : discard(answer);
}

/** Without FIN: nothing of it stays behind, here or there. */
function discard(answer: Answer | null): undefined {
  if (answer?.kind === 'seen') answer.socket?.resetAndDestroy();
}

function giveUp(host: HostTally, problem: string): undefined {
  host.ended ??= 'engine-error';
  host.problem ??= problem;
}

async function askUntilFree(work: Work, { host, port }: Task): Promise<Answer | null> {
  const attempt = (host.asks[port] ?? 0) + 1;
  for (let busy = 0; ; busy += 1) {
    if (isOver(host, work)) return null;
    const askedAt = performance.now();
    const timeoutMs = () =>
      decideTimeout(host.trips ?? work.trips, work.timeouts, host.trips ? 1 : attempt);
    const { address } = host;
    const answer = await askPort({ address, port, timeoutMs, sockets: work.openSockets });
    if (answer.kind === 'seen' && answer.state !== 'silent') {
      host.trips = addRoundTrip(host.trips, performance.now() - askedAt);
      work.trips = addRoundTrip(work.trips, performance.now() - askedAt);
    }
    if (answer.kind !== 'busy' || busy >= BUSY_TIMES) return answer;
    await wait(BUSY_MS, undefined, { signal: work.signal });
  }
}

function isOver(host: HostTally, { hostTimeoutMs }: Work): boolean {
  host.startedAt ??= performance.now();
  if (host.ended) return true;
  if (hostTimeoutMs === undefined || performance.now() - host.startedAt < hostTimeoutMs)
    return false;
  host.ended = 'host-timeout';
  return true;
}

async function hear(work: Work, { host, port }: Task, socket: Socket): Promise<void> {
  const service = parseBanner(await readBanner(socket, 2 * work.timeouts.ceilingMs));
  if (service && !work.signal.aborted) host.services.set(port, service);
}
