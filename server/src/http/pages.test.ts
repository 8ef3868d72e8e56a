import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createHttpServer, type HttpParts } from './server.ts';
import {
  buildHttpParts,
  buildRequestSite,
  buildRequestUser,
  createTestDoorkeeper,
} from './testing/create-test-server.ts';

const site = buildRequestSite();
const doorkeeper = createTestDoorkeeper([[site, buildRequestUser()]]);

const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

async function createApp(overrides: Partial<HttpParts> = {}) {
  const app = await createHttpServer(buildHttpParts({ doorkeeper, ...overrides }));
  closers.push(() => app.close());
  return app;
}

describe('pages', () => {
  let pagesFolder: string;
  beforeEach(async () => {
    pagesFolder = await mkdtemp(join(tmpdir(), 'netdelta-pages-'));
    closers.push(() => rm(pagesFolder, { recursive: true }));
    await mkdir(join(pagesFolder, 'assets'));
    const page = '<!doctype html><html><head lang="en"><link href="./a.css"></head></html>';
    await writeFile(join(pagesFolder, 'index.html'), page);
    await writeFile(join(pagesFolder, 'assets', 'a-1.js'), 'let a');
  });

  test.each([
    ['/', null, 200, '/'],
    ['/setup?token=x', null, 200, '/'],
    ['/main/', null, 200, '/main/'],
    ['/main/hosts/127.0.1.3', null, 200, '/main/'],
    ['/other/', null, 404, null],
    ['/', 'https://a.example/net', 200, '/net/'],
    ['/main/scans', 'https://a.example/net/', 200, '/net/main/'],
    ['/net/main/scans', 'https://a.example/net/', 200, '/net/main/'],
    ['/net', 'https://a.example/net/', 200, '/net/'],
    ['/network/', 'https://a.example/net/', 404, null],
  ])('%s below %s is %i with base %s', async (url, publicUrl, status, base) => {
    const app = await createApp({ pagesFolder, publicUrl: publicUrl ? new URL(publicUrl) : null });
    const reply = await app.inject(url);
    expect(reply.statusCode).toBe(status);
    expect(reply.headers['content-type']).toContain('text/html');
    expect(/<base href="([^"]*)"><link/.exec(reply.body)?.[1] ?? null).toBe(base);
  });

  test('scripts from here alone', async () => {
    const { headers } = await (await createApp({ pagesFolder })).inject('/');
    const policy = String(headers['content-security-policy']).split(';');
    expect(policy).toContain("script-src 'self'");
    expect(policy).toContain("style-src 'self' 'unsafe-inline'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(headers['strict-transport-security']).toBeUndefined();
    expect(headers['x-content-type-options']).toBe('nosniff');
  });

  test.each(['/assets/a-1.js', '/main/assets/a-1.js'])('%s is kept for ever', async (url) => {
    const reply = await (await createApp({ pagesFolder })).inject(url);
    expect([reply.statusCode, reply.body]).toEqual([200, 'let a']);
    expect(reply.headers['cache-control']).toBe('public, max-age=31536000, immutable');
  });

  test.each(['/assets/../index.html', '/assets/%2e%2e/index.html', '/assets/none.js'])(
    '%s is no asset',
    async (url) => {
      const reply = await (await createApp({ pagesFolder })).inject(url);
      expect(reply.statusCode).toBeGreaterThanOrEqual(400);
    },
  );

  test('a site without its slash is sent to the one with it', async () => {
    const app = await createApp({ pagesFolder, publicUrl: new URL('https://a.example/net') });
    expect((await app.inject('/main')).headers.location).toBe('/net/main/');
  });

  test('pages that are not built say so', async () => {
    const reply = await (await createApp({ pagesFolder: '/nonexistent' })).inject('/main/');
    expect([reply.statusCode, reply.body.includes('npm run build')]).toEqual([503, true]);
  });
});
