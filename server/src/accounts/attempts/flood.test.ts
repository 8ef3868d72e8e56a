import { expect, test } from 'vitest';
import { buildSetupRequest } from '../testing/build-setup-request.ts';
import { createAccountSuite } from '../testing/create-account-suite.ts';
import { BY_STRANGERS, subjectOf } from './limits.ts';
import { countAttempt } from './queries.ts';

const suite = createAccountSuite();
const { password, ...ada } = buildSetupRequest();
const email = ada.email.toLowerCase();
const ATTEMPTS = 10_000;
const ADDRESSES = 100;
const AT_ONCE = 50;
/** Attempts that cost a hash, as an attack in full would have a hundred; the others were made before. */
const HASHED = Number(process.env.NETDELTA_TEST_HASHED ?? 12);

test('10,000 attempts to log in: locked out, and the service alive for everybody else', async () => {
  const { app, ask } = await suite.startSetUpServer();
  for (let count = 0; count < BY_STRANGERS.most - HASHED; count += 1)
    await countAttempt(suite.database.system, subjectOf(BY_STRANGERS, email), BY_STRANGERS);

  const statuses: Record<number, number> = {};
  let left = ATTEMPTS;
  const guess = async () => {
    while (left > 0) {
      left -= 1;
      const { statusCode } = await app.inject({
        method: 'POST',
        url: left % 2 === 0 ? '/example/api/v1/session' : '/api/v1/session',
        remoteAddress: `198.51.100.${left % ADDRESSES}`,
        payload: { email, password: `guess ${left}` },
      });
      statuses[statusCode] = (statuses[statusCode] ?? 0) + 1;
    }
  };
  // Who is logged in goes on with their work, and who is known logs in.
  const pages: number[] = [];
  let ended = false;
  const work = async () => {
    while (!ended) {
      const begun = performance.now();
      expect((await ask('GET', '/example/api/v1/members')).statusCode).toBe(200);
      pages.push(performance.now() - begun);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };
  const begun = performance.now();
  const working = work();
  const guessing = Promise.all(Array.from({ length: AT_ONCE }, guess));
  const login = await ask('POST', '/example/api/v1/session', { email, password });
  const loggedIn = performance.now() - begun;
  await guessing;
  const took = performance.now() - begun;
  ended = true;
  await working;

  expect(login.statusCode).toBe(200);
  expect(Object.keys(statuses)).toEqual(['401', '429']);
  expect((statuses[401] ?? 0) + (statuses[429] ?? 0)).toBe(ATTEMPTS);
  expect(statuses[401]).toBeLessThanOrEqual(HASHED + 2);
  expect(pages.length).toBeGreaterThan(10);
  pages.sort((a, b) => a - b);
  const ms = (part: number) => pages[Math.floor(part * (pages.length - 1))]?.toFixed(0);
  console.info(
    `${ATTEMPTS} attempts in ${(took / 1_000).toFixed(1)} s: ${statuses[401]} judged, ${statuses[429]} refused before; ` +
      `${pages.length} pages of another meanwhile, median ${ms(0.5)} ms, slowest ${ms(1)} ms; a known browser logged in after ${loggedIn.toFixed(0)} ms`,
  );
});
