import { connect, type Socket } from 'node:net';
import type { PortState } from '@netdelta/core/snapshot/snapshot.ts';

/** What one attempt to connect showed, or why it showed nothing. */
export type Answer =
  | {
      readonly kind: 'seen';
      readonly state: PortState;
      readonly reason: string;
      readonly socket?: Socket;
    }
  /** This machine is short of sockets or memory: not a result, to be asked again later. */
  | { readonly kind: 'busy' }
  /** This machine may not or cannot ask: not a result. */
  | { readonly kind: 'refused'; readonly message: string };

const SEEN: Readonly<Record<string, readonly [PortState, string]>> = {
  ECONNREFUSED: ['closed', 'conn-refused'],
  ECONNRESET: ['closed', 'reset'],
  EHOSTUNREACH: ['filtered', 'host-unreach'],
  EHOSTDOWN: ['filtered', 'host-unreach'],
  ENETUNREACH: ['filtered', 'net-unreach'],
  ETIMEDOUT: ['silent', 'no-response'],
};
const BUSY: ReadonlySet<string> = new Set([
  'EMFILE',
  'ENFILE',
  'ENOBUFS',
  'EAGAIN',
  'ENOMEM',
  'EADDRNOTAVAIL',
]);

export interface AskRequest {
  readonly address: string;
  readonly port: number;
  /** Asked when the time may be over: the time-out (ms) as it is then. */
  readonly timeoutMs: () => number;
  /** Every open socket is in here, so that all can be ended at once. */
  readonly sockets: Set<Socket>;
}

/**
 * Asks one endpoint by one TCP connect. An open socket is handed over: the caller ends it. Errors
 * by their code (connect(2)); what is unknown is an answer about this machine, not about the host.
 */
export function askPort({ address, port, timeoutMs, sockets }: AskRequest): Promise<Answer> {
  return new Promise((resolve) => {
    const socket = connect({ host: address, port, noDelay: true });
    sockets.add(socket);
    socket.once('close', () => {
      sockets.delete(socket);
      resolve({ kind: 'seen', state: 'silent', reason: 'no-response' });
    });
    const patience = startPatience(timeoutMs, () => socket.destroy());
    const settle = (answer: Answer) => {
      patience.end();
      resolve(answer);
      if (!('socket' in answer)) socket.destroy();
    };
    socket.on('error', (error: NodeJS.ErrnoException) => settle(decideAnswer(error)));
    socket.once('connect', () => settle(isOwnEcho(socket) ? ECHO : { ...OPEN, socket }));
  });
}

/**
 * Calls `onOver` when the time-out is over, which may become shorter or longer meanwhile. Never
 * before what has already arrived was read: with thousands of sockets Node runs its timers late,
 * and before it looks at its sockets.
 */
function startPatience(timeoutMs: () => number, onOver: () => void) {
  const started = performance.now();
  let ended = false;
  const look = () => {
    const left = started + timeoutMs() - performance.now();
    if (left > 1) timer = setTimeout(look, left);
    else setImmediate(() => ended || onOver());
  };
  let timer = setTimeout(look, Math.min(timeoutMs(), FIRST_LOOK_MS));
  const end = () => {
    ended = true;
    clearTimeout(timer);
  };
  return { end };
}

/** While nothing is known of a path its time-out is long; soon after, it is known. */
const FIRST_LOOK_MS = 250;

const OPEN = { kind: 'seen', state: 'open', reason: 'syn-ack' } as const;
const ECHO: Answer = { kind: 'seen', state: 'closed', reason: 'conn-refused' };

/** Scanning this very machine, a connect can meet itself where nothing listens (simultaneous open). */
function isOwnEcho(socket: Socket): boolean {
  return socket.localPort === socket.remotePort && socket.localAddress === socket.remoteAddress;
}

function decideAnswer(error: NodeJS.ErrnoException): Answer {
  const code = error.code ?? '';
  const seen = SEEN[code];
  if (seen) return { kind: 'seen', state: seen[0], reason: seen[1] };
  if (BUSY.has(code)) return { kind: 'busy' };
  return { kind: 'refused', message: `${code || error.message} on connecting` };
}
