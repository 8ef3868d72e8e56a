import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, LookupFunction } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { parseAllowances } from './decide-address.ts';
import { createOutbound } from './fetch-outside.ts';

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

/** A server on loopback, and what it was asked. */
async function serve(answer: Answer = (_request, response) => response.end('inside')) {
  const asked: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    asked.push(request);
    answer(request, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  closers.push(async () => {
    server.closeAllConnections();
    server.close();
  });
  return { asked, port: (server.address() as AddressInfo).port };
}

/** A name server that answers these addresses one after the other, the last one for ever. */
function answering(...answers: string[][]): LookupFunction & { readonly names: string[] } {
  const names: string[] = [];
  const lookup: LookupFunction = (name, options, done) => {
    names.push(name);
    const all = (answers[Math.min(names.length, answers.length) - 1] ?? []).map((address) => ({
      address,
      family: address.includes(':') ? 6 : 4,
    }));
    if (options.all) done(null, all);
    else done(null, all[0]?.address ?? '', all[0]?.family);
  };
  return Object.assign(lookup, { names });
}

function outbound(allowed = '', lookup?: LookupFunction) {
  const allowances = parseAllowances(allowed);
  if (!allowances) throw new Error(allowed);
  const made = createOutbound(allowances, lookup);
  closers.push(made.close);
  return made.fetchOutside;
}

const outcome = (work: Promise<Response>) =>
  work.then(
    async (answer) => `${answer.status} ${await answer.text()}`,
    (error) => error.code,
  );

describe('what is not public is not asked', () => {
  it.each([
    'http://127.0.0.1:PORT/',
    'http://localhost:PORT/',
    'http://localhost.:PORT/',
    'http://127.1:PORT/',
    'http://0x7f.1:PORT/',
    'http://0x7f000001:PORT/',
    'http://2130706433:PORT/',
    'http://0177.0.0.1:PORT/',
    'http://0:PORT/',
    'http://[::1]:PORT/',
    'http://[::]:PORT/',
    'http://[::ffff:127.0.0.1]:PORT/',
    'http://[0:0:0:0:0:ffff:7f00:1]:PORT/',
    'http://[::127.0.0.1]:PORT/',
    'http://[64:ff9b::127.0.0.1]:PORT/',
    'http://１２７.０.０.１:PORT/',
    'http://127。0。0。1:PORT/',
    'http://LOCALHOST:PORT/',
    'http://169.254.169.254/latest/meta-data/',
  ])('%s', async (address) => {
    const { asked, port } = await serve();
    const url = address.replace('PORT', String(port));
    const ask = outbound('', answering(['127.0.0.1']));
    expect(await outcome(ask(url))).toBe('address-not-public');
    expect(asked).toEqual([]);
  });

  it.each([
    'file:///etc/passwd',
    'ftp://example.org/',
    'data:text/plain,x',
    'http://user:password@example.org/',
    'http://example.org@127.0.0.1/',
    'no address',
    '',
  ])('nor another kind of address: %s', async (url) => {
    expect(await outcome(outbound()(url))).toBe('url-not-allowed');
  });

  it.each([
    ['a private one', ['10.0.0.1']],
    ['a mapped one', ['::ffff:127.0.0.1']],
    ['nothing but such', ['127.0.0.1', 'fd00::1']],
    ['none', []],
  ])('a name that has %s', async (_what, addresses) => {
    const ask = outbound('', answering(addresses));
    expect(await outcome(ask('http://rebind.example/'))).toBe('address-not-public');
  });

  it('a name that is public when it is judged, and loopback a moment later', async () => {
    const { asked, port } = await serve();
    // 192.0.2.1 stands for a public address, at which nobody answers.
    const lookup = answering(['192.0.2.1'], ['127.0.0.1']);
    const ask = outbound('192.0.2.0/24', lookup);
    const url = `http://rebind.example:${port}/`;
    expect(await outcome(ask(url, { timeoutMs: 200 }))).toBe('outbound-failed');
    expect(lookup.names).toHaveLength(1);
    expect(await outcome(ask(url))).toBe('address-not-public');
    expect(asked).toEqual([]);
  });

  it('tells a site nothing of the addresses inside', async () => {
    const ask = outbound('', answering(['10.11.12.13']));
    const message = await ask('http://inside.example/').catch((error) => error.message);
    expect(message).toMatch(/^inside\.example is at no public address, .*ALLOW_PRIVATE_OUTBOUND/);
    expect(message).not.toContain('10.11');
  });
});

describe('what the platform allows is asked', () => {
  it.each([
    ['by its address', '127.0.0.1', 'http://127.0.0.1:PORT/'],
    ['by its network', '127.0.0.0/8', 'http://localhost:PORT/'],
    ['by its name', 'localhost', 'http://localhost:PORT/'],
    ['by its name with a dot', 'localhost', 'http://localhost.:PORT/'],
  ])('%s', async (_what, allowed, address) => {
    const { port } = await serve();
    const ask = outbound(allowed, answering(['127.0.0.1']));
    expect(await outcome(ask(address.replace('PORT', String(port))))).toBe('200 inside');
  });

  it('at its allowed addresses alone', async () => {
    const { port } = await serve();
    const ask = outbound('127.0.0.1', answering(['10.0.0.1', '127.0.0.1']));
    expect(await outcome(ask(`http://mixed.example:${port}/`))).toBe('200 inside');
  });

  it('with method, headers and body', async () => {
    const { asked, port } = await serve((request, response) => request.pipe(response));
    const ask = outbound('127.0.0.1');
    const body = new URLSearchParams({ grant_type: 'authorization_code' });
    const headers = new Headers({ authorization: 'Basic eA==' });
    const answer = await ask(`http://127.0.0.1:${port}/`, { method: 'POST', headers, body });
    expect(await answer.text()).toBe('grant_type=authorization_code');
    expect(answer.url).toBe(`http://127.0.0.1:${port}/`);
    expect(asked[0]?.headers).toMatchObject({
      authorization: 'Basic eA==',
      'content-type': expect.stringContaining('x-www-form-urlencoded'),
    });
  });
});

describe('a redirect', () => {
  const to =
    (location: string, status = 302): Answer =>
    (_request, response) =>
      void response.writeHead(status, { location }).end();
  const allowed = '127.0.0.1';

  it.each([
    'http://127.0.0.2:8080/',
    'http://localhost:8080/',
    'http://[::1]:8080/',
    '//0x7f.2:8080/',
  ])('to %s is judged anew', async (location) => {
    const { port } = await serve(to(location));
    const ask = outbound(allowed, answering(['127.0.0.3']));
    expect(await outcome(ask(`http://127.0.0.1:${port}/`))).toBe('address-not-public');
  });

  it.each(['file:///etc/passwd', 'http://a:b@127.0.0.1/'])('to %s is refused', async (location) => {
    const { port } = await serve(to(location));
    expect(await outcome(outbound(allowed)(`http://127.0.0.1:${port}/`))).toBe('url-not-allowed');
  });

  it('is followed, without what is secret where it leads elsewhere', async () => {
    const there = await serve();
    const { port } = await serve(to(`http://127.0.0.1:${there.port}/x`));
    const headers = { Authorization: 'Bearer x', Cookie: 'a=b', 'X-Kept': 'yes' };
    expect(await outcome(outbound(allowed)(`http://127.0.0.1:${port}/`, { headers }))).toBe(
      '200 inside',
    );
    const [asked] = there.asked;
    expect([asked?.url, asked?.headers.authorization, asked?.headers.cookie]).toEqual([
      '/x',
      undefined,
      undefined,
    ]);
    expect(asked?.headers['x-kept']).toBe('yes');
  });

  it.each<[string, RequestInit]>([
    ['of a POST', { method: 'POST', body: 'secret' }],
    ['that is to be an error', { redirect: 'error' }],
  ])('%s is not followed', async (_what, options) => {
    const there = await serve();
    const { port } = await serve(to(`http://127.0.0.1:${there.port}/`, 307));
    const url = `http://127.0.0.1:${port}/`;
    expect(await outcome(outbound(allowed)(url, options))).toBe('redirect-not-allowed');
    expect(there.asked).toEqual([]);
  });

  it('is answered as it is to those who follow themselves', async () => {
    const { port } = await serve(to('http://127.0.0.1:8080/'));
    const answer = await outbound(allowed)(`http://127.0.0.1:${port}/`, { redirect: 'manual' });
    expect([answer.status, answer.headers.get('location')]).toEqual([
      302,
      'http://127.0.0.1:8080/',
    ]);
  });

  it('without end ends', async () => {
    const { asked, port } = await serve(to('/again'));
    const url = `http://127.0.0.1:${port}/`;
    expect(await outcome(outbound(allowed)(url))).toBe('redirect-not-allowed');
    expect(asked).toHaveLength(6);
  });
});

describe('bounds', () => {
  const url = (port: number) => `http://127.0.0.1:${port}/`;

  it('an answer that is too large is not read on, packed or not', async () => {
    const text = 'x'.repeat(2_000_000);
    const plain = await serve((_request, response) => response.end(text));
    const packed = await serve((_request, response) =>
      response.setHeader('content-encoding', 'gzip').end(gzipSync(text)),
    );
    const ask = outbound('127.0.0.1');
    expect(await outcome(ask(url(plain.port)))).toBe('too-large');
    expect(await outcome(ask(url(packed.port)))).toBe('too-large');
    const whole = await ask(url(packed.port), { mostBytes: 3_000_000 });
    expect((await whole.text()).length).toBe(2_000_000);
    expect(whole.headers.get('content-encoding')).toBeNull();
  });

  it.each<[string, Answer]>([
    ['never begins', () => undefined],
    ['never ends', (_request, response) => void response.write('x')],
  ])('an answer that %s is given up', async (_what, answer) => {
    const { port } = await serve(answer);
    const error = await outbound('127.0.0.1')(url(port), { timeoutMs: 100 }).catch((one) => one);
    expect([error.code, error.retryable]).toEqual(['outbound-failed', true]);
    expect(error.message).toBe(`127.0.0.1:${port} cannot be asked: no whole answer within 0.1 s.`);
  });

  it('says why nobody answers', async () => {
    const { port } = await serve();
    await closers.splice(0).at(0)?.();
    const message = await outbound('127.0.0.1')(url(port)).catch((error) => error.message);
    expect(message).toBe(`127.0.0.1:${port} cannot be asked: ECONNREFUSED.`);
  });

  it('ends when its asker gives up', async () => {
    const { port } = await serve(() => undefined);
    const stop = new AbortController();
    const asked = outbound('127.0.0.1')(url(port), { signal: stop.signal });
    stop.abort(new Error('enough'));
    await expect(asked).rejects.toThrow('enough');
  });
});
