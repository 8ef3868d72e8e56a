import { once } from 'node:events';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { createHttpServer } from './server.ts';
import type { SiteRoutes } from './site-routes.ts';
import { streamEvents } from './sse.ts';
import {
  buildHttpParts,
  buildRequestSite,
  buildRequestUser,
  cookieOf,
  createTestDoorkeeper,
} from './testing/create-test-server.ts';

const owner = buildRequestUser();
const { cookie } = cookieOf(owner);

const slowRoutes: SiteRoutes = async (app) => {
  const config = { needs: 'read' } as const;
  const schema = { body: z.object({ name: z.string() }) };
  app.post('/things', { config, schema }, async (_request, reply) => reply.code(204).send());
  app.addContentTypeParser('application/octet-stream', (_request, payload, done) =>
    done(null, payload),
  );
  app.post('/files', { config: { ...config, slowBody: true } }, async ({ body }) => {
    let bytes = 0;
    for await (const piece of body as AsyncIterable<Buffer>) bytes += piece.length;
    return { bytes };
  });
  app.get('/events', { config }, async (_request, reply) =>
    streamEvents(reply, (send) => {
      const timer = setInterval(() => send({ type: 'tick', data: 0 }), 100);
      return () => clearInterval(timer);
    }),
  );
};

let app: Awaited<ReturnType<typeof createHttpServer>>;
let port: number;
beforeAll(async () => {
  const doorkeeper = createTestDoorkeeper([[buildRequestSite(), owner]]);
  app = await createHttpServer(
    buildHttpParts({
      doorkeeper,
      siteRoutes: [slowRoutes],
      times: { headersMs: 300, bodyMs: 300, requestMs: 60_000, stillMs: 700 },
    }),
  );
  await app.listen({ port: 0, host: '127.0.0.1' });
  ({ port } = app.server.address() as AddressInfo);
});
afterAll(() => app.close());

async function open(...lines: string[]): Promise<Socket> {
  const socket = connect(port, '127.0.0.1').setEncoding('utf8');
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  socket.write(lines.join('\r\n'));
  return socket;
}

/** What is answered until the server ends the connection. */
async function readAll(socket: Socket): Promise<string> {
  let text = '';
  socket.on('data', (piece) => {
    text += piece;
  });
  await new Promise((resolve) => socket.once('close', resolve));
  return text;
}

/** Sends one byte after the other, in pauses shorter than any limit, until nobody listens. */
function drip(socket: Socket, byte: string): void {
  const timer = setInterval(() => socket.write(byte), 50);
  socket.once('close', () => clearInterval(timer));
}

const post = (path: string, type: string) => [
  `POST /main/api/v1/${path} HTTP/1.1`,
  'host: nd',
  `cookie: ${cookie}`,
  'sec-fetch-site: same-origin',
  `content-type: ${type}`,
  'content-length: 40',
  '',
  '',
];

describe('a client that sends slowly', () => {
  test('its headers is cut off', async () => {
    const socket = await open('GET /healthz HTTP/1.1', 'host: nd', 'x-slow: ');
    drip(socket, 'a');
    expect(await readAll(socket)).toContain('408 Request Timeout');
  });

  test('its body is cut off', async () => {
    const socket = await open(...post('things', 'application/json'));
    drip(socket, ' ');
    expect(await readAll(socket)).not.toContain('204');
  });

  test('nothing at all is cut off', async () => {
    expect(await readAll(await open('GET /hea'))).toContain('408');
  });

  test('a file is waited for', async () => {
    const socket = await open(...post('files', 'application/octet-stream'));
    const answer = once(socket, 'data');
    drip(socket, 'a');
    expect(String((await answer)[0])).toContain('200 OK');
    socket.destroy();
  });
});

test('a stream in which something moves is not cut off', async () => {
  const socket = await open(
    'GET /main/api/v1/events HTTP/1.1',
    'host: nd',
    `cookie: ${cookie}`,
    '',
    '',
  );
  let ticks = 0;
  socket.on('data', (piece) => {
    ticks += String(piece).split('event: tick').length - 1;
  });
  await expect.poll(() => ticks, { timeout: 5_000 }).toBeGreaterThan(12);
  socket.destroy();
});
