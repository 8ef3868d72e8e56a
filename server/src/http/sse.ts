import { PassThrough } from 'node:stream';
import type { FastifyReply } from 'fastify';
import { mayStay } from './site-routes.ts';

/** One event of a stream; `data` is sent as JSON. */
interface StreamEvent {
  readonly type: string;
  readonly data: unknown;
}

export type SendEvent = (event: StreamEvent) => void;

const HEARTBEAT_MS = 15_000;
/** A reader that leaves more than this unread is cut off; the browser comes again by itself. */
const MOST_UNREAD_BYTES = 1_048_576;

/**
 * Answers with a stream of server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html)
 * that ends with the client or the server, or within 15 s when who asked may not any more. `subscribe` gets the function that sends, and returns
 * the one that ends the subscription; it may send at once. Return the result from the route:
 * `return streamEvents(reply, (send) => live.subscribe((event) => send({ type: 'scan', data: event })))`.
 * Await what may fail before calling this, so that it can still be answered with a status.
 */
export function streamEvents(
  reply: FastifyReply,
  subscribe: (send: SendEvent, end: () => void) => () => void,
): FastifyReply {
  const stream = new PassThrough();
  const write = (text: string) => {
    if (stream.writableEnded || stream.destroyed) return;
    if (stream.writableLength > MOST_UNREAD_BYTES) stream.destroy();
    else stream.write(text);
  };
  write('retry: 3000\n\n');
  const end = () => stream.end();
  const beat = async () => {
    if (await mayStay(reply.request)) write(':\n\n');
    else end();
  };
  const heartbeat = setInterval(() => void beat(), HEARTBEAT_MS);
  const unsubscribe = subscribe((event) => write(formatEvent(event)), end);
  reply.server.openStreams.add(end);
  stream.once('close', () => {
    clearInterval(heartbeat);
    reply.server.openStreams.delete(end);
    unsubscribe();
  });
  return reply.headers(STREAM_HEADERS).send(stream);
}

const STREAM_HEADERS = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-cache, no-transform',
  // nginx would hold events back until its buffer is full.
  'x-accel-buffering': 'no',
};

/** Writes an event in the format of the stream. JSON holds no line breaks, so one data line is enough. */
function formatEvent({ type, data }: StreamEvent): string {
  return `event: ${type}\ndata: ${JSON.stringify(data)}\n\n`;
}

declare module 'fastify' {
  interface FastifyInstance {
    /** How to end each stream that is open now: a server that stops ends them first. */
    readonly openStreams: Set<() => void>;
  }
}
