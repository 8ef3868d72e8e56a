import type { JWTPayload } from 'jose';
import { describe, expect, test } from 'vitest';
import { createBrowser } from '../testing/create-account-server.ts';
import { createSignOnSuite, leaveFor, refusalIn } from './testing/create-sign-on-suite.ts';

const suite = createSignOnSuite();
const EVE = { sub: 'eve-1', name: 'Eve', groups: ['nd-operators'] };
const SESSION = '/example/api/v1/session';

type Browser = ReturnType<typeof createBrowser>;

/** Comes back to the site: why not, and whether the browser holds a session. */
async function comeBack(browser: Browser, back: string) {
  const reply = await browser.ask('GET', back);
  const session = await browser.ask('GET', SESSION);
  return [refusalIn(String(reply.headers.location)), session.statusCode];
}

describe('the way back', () => {
  test('is gone once: played again it opens nothing', async () => {
    const { app } = await suite.start();
    const browser = createBrowser(app);
    const back = await leaveFor(browser, suite.provider, EVE);
    expect(await comeBack(browser, back)).toEqual([null, 200]);
    await browser.ask('DELETE', SESSION);
    expect(await comeBack(browser, back)).toEqual(['not-begun-here', 401]);
  });

  test('is of the browser that left: in another it opens nothing, and stays for the first', async () => {
    const { app } = await suite.start();
    const [left, other, third] = [createBrowser(app), createBrowser(app), createBrowser(app)];
    const back = await leaveFor(left, suite.provider, EVE);
    await leaveFor(other, suite.provider, EVE);
    expect(await comeBack(other, back)).toEqual(['not-begun-here', 401]);
    expect(await comeBack(third, back)).toEqual(['not-begun-here', 401]);
    expect(await comeBack(left, back)).toEqual([null, 200]);
  });

  test('is open for ten minutes', async () => {
    const { app } = await suite.start();
    const browser = createBrowser(app);
    const back = await leaveFor(browser, suite.provider, EVE);
    const { pool } = suite.accounts.database;
    const { rows } = await pool.query(
      `update sign_on_trips set expires_at = expires_at - interval '10 minutes'
      returning expires_at <= now() as ended`,
    );
    expect(rows).toEqual([{ ended: true }]);
    expect(await comeBack(browser, back)).toEqual(['not-begun-here', 401]);
    // Whoever leaves next sweeps up.
    await leaveFor(browser, suite.provider, EVE);
    expect((await pool.query('select 1 from sign_on_trips')).rowCount).toBe(1);
  });

  test('holds in two windows of one browser', async () => {
    const { app } = await suite.start();
    const browser = createBrowser(app);
    const first = await leaveFor(browser, suite.provider, EVE);
    const second = await leaveFor(browser, suite.provider, EVE);
    expect(await comeBack(browser, first)).toEqual([null, 200]);
    expect(await comeBack(browser, second)).toEqual([null, 200]);
  });

  test('opens nothing without a state, or with one of its own making', async () => {
    const { app } = await suite.start();
    const browser = createBrowser(app);
    await leaveFor(browser, suite.provider, EVE);
    for (const query of ['', '?state=abc&code=def', '?state=&code=def']) {
      const back = `/example/api/v1/sign-on/callback${query}`;
      expect(await comeBack(browser, back)).toEqual(['not-begun-here', 401]);
    }
  });

  const CHANGED: [string, (back: URL) => void, string][] = [
    ['another code', (back: URL) => back.searchParams.set('code', 'made-up'), 'unproven'],
    [
      'another issuer',
      (back: URL) => back.searchParams.set('iss', 'https://evil.example'),
      'unproven',
    ],
    [
      'an error',
      (back: URL) => {
        back.searchParams.delete('code');
        back.searchParams.set('error', 'access_denied');
      },
      'denied',
    ],
  ];

  test('opens nothing when what the provider says in the address is changed', async () => {
    const { app } = await suite.start();
    for (const [what, change, reason] of CHANGED) {
      const browser = createBrowser(app);
      const back = new URL(await leaveFor(browser, suite.provider, EVE), 'http://x');
      change(back);
      const outcome = await comeBack(browser, `${back.pathname}${back.search}`);
      expect([what, ...outcome]).toEqual([what, reason, 401]);
    }
  });

  test('opens nothing with the nonce of another login', async () => {
    const { app } = await suite.start();
    const browser = createBrowser(app);
    const start = await browser.ask('GET', '/example/api/v1/sign-on/start');
    const away = new URL(String(start.headers.location));
    away.searchParams.set('nonce', 'the-nonce-of-another');
    const { pathname, search } = await suite.provider.visit(away.href, EVE);
    expect(await comeBack(browser, pathname + search)).toEqual(['unproven', 401]);
  });

  test('opens nothing without the secret of PKCE, though the code is right', async () => {
    const { app } = await suite.start();
    const browser = createBrowser(app);
    const back = await leaveFor(browser, suite.provider, EVE);
    await suite.accounts.database.pool.query(
      `update sign_on_trips set code_verifier = repeat('a', 43)`,
    );
    expect(await comeBack(browser, back)).toEqual(['unproven', 401]);
  });

  test('is marked, and ends, by cookies of this site alone, which no script reads and no http carries', async () => {
    const { app } = await suite.start({ sessionHours: 2 }, new URL('https://nd.example/'));
    const browser = createBrowser(app);
    const start = await browser.ask('GET', '/example/api/v1/sign-on/start');
    const safe = { httpOnly: true, secure: true, sameSite: 'Lax' };
    expect(start.cookies).toMatchObject([
      { ...safe, path: '/example/api/v1/sign-on/', maxAge: 600 },
    ]);
    const { pathname, search } = await suite.provider.visit(String(start.headers.location), EVE);
    const end = await browser.ask('GET', pathname + search);
    expect(end.cookies).toMatchObject([{ ...safe, path: '/example/', maxAge: 7_200 }]);
    expect(end.headers['cache-control']).toBe('no-store');
  });

  test('leads nowhere but into the site', async () => {
    const { app } = await suite.start();
    for (const next of [
      '//evil.example',
      '/\\evil.example',
      '/../other/',
      '/%2e%2e/other/',
      'x',
      '/',
    ]) {
      const browser = createBrowser(app);
      const start = await browser.ask(
        'GET',
        `/example/api/v1/sign-on/start?next=${encodeURIComponent(next)}`,
      );
      const { pathname, search } = await suite.provider.visit(String(start.headers.location), EVE);
      const { location } = (await browser.ask('GET', pathname + search)).headers;
      const led = new URL(String(location), 'https://nd.example/');
      expect([next, led.origin, led.pathname.startsWith('/example/')]).toEqual([
        ...[next, 'https://nd.example', true],
      ]);
    }
  });
});

describe('an ID token', () => {
  const past = Math.floor(Date.now() / 1_000) - 3_600;
  const CHANGES: Readonly<Record<string, (claims: JWTPayload) => JWTPayload>> = {
    'for another audience': (claims) => ({ ...claims, aud: 'another-client' }),
    'of another issuer': (claims) => ({ ...claims, iss: 'https://evil.example' }),
    'that has expired': (claims) => ({ ...claims, iat: past - 60, exp: past }),
    'without a nonce': ({ nonce: _, ...claims }) => claims,
    'without a subject': ({ sub: _, ...claims }) => claims,
  };

  test('proves nothing when it is for or of others, old, or signed by them', async () => {
    const { come } = await suite.start();
    for (const [what, change] of Object.entries(CHANGES)) {
      suite.askBy(suite.provider.forging(change));
      const { refused, session } = await come(EVE);
      expect([what, refused, session.statusCode]).toEqual([what, 'unproven', 401]);
    }
    suite.askBy(suite.provider.forging((claims) => claims));
    expect((await come(EVE)).session.statusCode).toBe(200);
    suite.askBy(suite.provider.forging((claims) => claims, true));
    expect((await come(EVE)).refused).toBe('unproven');
  });

  test('is believed by the keys that the provider has now', async () => {
    const { come } = await suite.start();
    expect((await come(EVE)).session.statusCode).toBe(200);
    const byOldKeys = suite.provider.forging((claims) => claims);
    await suite.provider.exchangeKeys();
    expect((await come(EVE)).session.statusCode).toBe(200);
    suite.askBy(byOldKeys);
    expect((await come(EVE)).refused).toBe('unproven');
  });
});
