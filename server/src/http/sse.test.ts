import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { expect, test, vi } from 'vitest';
import { createHttpServer } from './server.ts';
import type { SiteRoutes } from './site-routes.ts';
import { type SendEvent, streamEvents } from './sse.ts';
import {
  buildHttpParts,
  buildRequestSite,
  buildRequestUser,
  cookieOf,
  createTestDoorkeeper,
} from './testing/create-test-server.ts';

const reader = buildRequestUser();

async function startServer() {
  const senders = new Set<SendEvent>();
  const app = await createHttpServer(
    buildHttpParts({
      doorkeeper: createTestDoorkeeper([[buildRequestSite({ id: 'a' }), reader]]),
      siteRoutes: [
        async (app) => {
          app.get('/events', { config: { needs: 'read' } }, async (_request, reply) =>
            streamEvents(reply, (send) => {
              senders.add(send);
              send({ type: 'hello', data: { text: 'a\nb' } });
              return () => senders.delete(send);
            }),
          );
        },
      ],
    }),
  );
  await app.listen({ port: 0, host: '127.0.0.1' });
  const { port } = app.server.address() as AddressInfo;
  const open = (signal?: AbortSignal) =>
    fetch(`http://127.0.0.1:${port}/main/api/v1/events`, {
      headers: cookieOf(reader),
      ...(signal && { signal }),
    });
  return { app, senders, open };
}

test('events arrive as they are sent, and the subscription ends with the reader', async () => {
  const { app, senders, open } = await startServer();
  const end = new AbortController();
  const { headers, body } = await open(end.signal);
  expect(headers.get('content-type')).toContain('text/event-stream');
  expect(headers.get('x-accel-buffering')).toBe('no');
  expect(headers.get('content-security-policy')).toContain("script-src 'self'");
  for (const send of senders) send({ type: 'scan', data: 7 });
  const expected =
    'retry: 3000\n\nevent: hello\ndata: {"text":"a\\nb"}\n\nevent: scan\ndata: 7\n\n';
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of body ?? []) {
    text += decoder.decode(chunk, { stream: true });
    if (text.length >= expected.length) break;
  }
  expect(text).toBe(expected);
  end.abort();
  await expect.poll(() => senders.size).toBe(0);
  await app.close();
});

test('a server that closes ends its streams', async () => {
  const { app, senders, open } = await startServer();
  const { body } = await open();
  const closed = once(app.server, 'close');
  await app.close();
  await closed;
  const text = await new Response(body).text();
  expect(text).toContain('event: hello');
  expect(senders.size).toBe(0);
});

test('one person holds twenty streams, and another when one has ended', async () => {
  const { app, senders, open } = await startServer();
  const ends = Array.from({ length: 20 }, () => new AbortController());
  for (const { signal } of ends) expect((await open(signal)).status).toBe(200);
  const refused = await open();
  expect([refused.status, await refused.json()]).toMatchObject([429, { code: 'too-many-streams' }]);
  ends[7]?.abort();
  await expect.poll(() => senders.size).toBe(19);
  expect((await open()).status).toBe(200);
  await app.close();
});

test('a stream ends when who reads it may not any more', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  const site = buildRequestSite();
  const members = [[site, reader] as const];
  const events: SiteRoutes = async (app) => {
    app.get('/events', { config: { needs: 'read' } }, async (_request, reply) =>
      streamEvents(reply, () => () => undefined),
    );
  };
  const doorkeeper = createTestDoorkeeper(members);
  const app = await createHttpServer(buildHttpParts({ doorkeeper, siteRoutes: [events] }));
  await app.listen({ port: 0, host: '127.0.0.1' });
  const { port } = app.server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}/main/api/v1/events`;
  const { body } = await fetch(url, { headers: cookieOf(reader) });
  const text = new Response(body).text();
  await vi.advanceTimersByTimeAsync(15_000);
  members.pop();
  await vi.advanceTimersByTimeAsync(15_000);
  expect(await text).toBe('retry: 3000\n\n:\n\n');
  vi.useRealTimers();
  await app.close();
});
