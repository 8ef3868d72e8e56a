import { PassThrough } from 'node:stream';
import type { FastifyReply } from 'fastify';
import { RequestProblem } from './request-problem.ts';
import { mayStay } from './site-routes.ts';

/** One event of a stream; `data` is sent as JSON. */
interface StreamEvent {
  readonly type: string;
  readonly data: unknown;
}

export type SendEvent = (event: StreamEvent) => void;

const HEARTBEAT_MS = 15_000;
/** Each page that shows a running scan holds one. */
const MOST_OF_ONE = 20;
const MOST_OF_SITE = 200;
const MOST_IN_ALL = 2_000;
/** A reader that leaves more than this unread is cut off; the browser comes again by itself. */
const MOST_UNREAD_BYTES = 1_048_576;

/**
 * Answers with a stream of server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html)
 * that ends with the client or the server, or within 15 s when who asked may not any more. `subscribe` gets the function that sends, and returns
 * the one that ends the subscription; it may send at once. Return the result from the route:
 * `return streamEvents(reply, (send) => live.subscribe((event) => send({ type: 'scan', data: event })))`.
 * Await what may fail before calling this, so that it can still be answered with a status.
 * @throws RequestProblem 429 when one person or key, one site, or all together hold too many
 */
export function streamEvents(
  reply: FastifyReply,
  subscribe: (send: SendEvent, end: () => void) => () => void,
): FastifyReply {
  const { openStreams } = reply.server;
  const holder = requirePlace(reply);
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
  openStreams.set(end, holder);
  stream.once('close', () => {
    clearInterval(heartbeat);
    openStreams.delete(end);
    unsubscribe();
  });
  return reply.headers(STREAM_HEADERS).send(stream);
}

/** Who holds a stream. */
interface StreamHolder {
  readonly site: string;
  readonly user: string;
}

function requirePlace({ request, server }: FastifyReply): StreamHolder {
  const { site, user } = request;
  const holder = { site: site.id, user: user.id };
  const held = [...server.openStreams.values()];
  const ofSite = held.filter((one) => one?.site === holder.site);
  const ofOne = ofSite.filter((one) => one?.user === holder.user);
  if (ofOne.length >= MOST_OF_ONE || ofSite.length >= MOST_OF_SITE || held.length >= MOST_IN_ALL)
    throw new RequestProblem(429, 'too-many-streams', TOO_MANY);
  return holder;
}

const TOO_MANY =
  'Too many pages follow a scan at this moment. Close some of them; this page shows how things stand when it is loaded again.';

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
    /** How to end each stream that is open now, and whose it is: a server that stops ends them first. */
    readonly openStreams: Map<() => void, StreamHolder | null>;
  }
}
