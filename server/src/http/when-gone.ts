import { Socket } from 'node:net';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { RequestProblem } from './request-problem.ts';

/** Aborted when whoever asked goes away before the answer, or at once when they are gone already. */
export function whenGone({ raw }: FastifyReply): AbortSignal {
  const gone = new AbortController();
  const look = () => {
    if (!raw.writableFinished) gone.abort(new RequestProblem(400, 'gone', GONE));
  };
  if (raw.destroyed) look();
  else raw.once('close', look);
  return gone.signal;
}

/** Read by nobody but the log. */
const GONE = 'Whoever asked went away before the answer.';

/** For a request that is long worked at: that nothing moves on its connection meanwhile does not end it. */
export function waitWithoutEnd({ raw: { socket } }: FastifyRequest): void {
  if (socket instanceof Socket) socket.setTimeout(0);
}
