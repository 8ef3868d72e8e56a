import { availableParallelism } from 'node:os';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Database } from '../db/database.ts';
import { addressOf } from '../http/client-address.ts';
import { RequestProblem } from '../http/request-problem.ts';
import { basePathOf } from '../http/server.ts';
import type { Queue } from '../queue/queue.ts';
import { type Attempt, beginAttempt } from './attempts/attempt.ts';
import { AT_PLACE, placeOf } from './attempts/limits.ts';
import { createLockCache } from './attempts/lock-cache.ts';
import { deleteAttempts, uncountAttempt, upsertKnownPlaces } from './attempts/queries.ts';
import { createWaitingLine } from './attempts/waiting-line.ts';
import { createBrowserToken, setBrowserCookie, whereaboutsOf } from './attempts/who-tries.ts';

/**
 * Counts an attempt to prove who one is, and waits until it may be judged: hashing a password takes a
 * processor's tenth of a second, and of these only so many are done at once. `account`: the address by
 * which somebody logs in, or the id of who is logged in, for others may have their address (single
 * sign-on); null: a link is tried, of which nobody knows whose it is. What becomes of it is read from the answer.
 * @throws RequestProblem 429, with the time to wait, for what is locked; or when too many wait
 */
export type LimitLogins = (request: FastifyRequest, account: string | null) => Promise<void>;

interface LimitParts {
  readonly database: Database;
  readonly queue: Queue;
  readonly publicUrl: URL | null;
}

interface Pending {
  readonly attempt: Attempt;
  readonly leave: () => void;
}

/** One processor stays free for all else. */
const MOST_AT_ONCE = Math.min(3, Math.max(1, availableParallelism() - 1));
const MOST_WAITING = 60;
/** A request that never ends keeps no place. */
const LONGEST_MS = 60_000;

/** What a refusal is called when somebody gave a wrong password, code or link. */
const WRONG = new Set([
  'wrong-login',
  'wrong-code',
  'wrong-password',
  'wrong-passkey',
  'invitation-ended',
  'reset-ended',
  'setup-link-ended',
]);

/** Limits of attempts in all processes, for every route that takes a password, a code or a link. */
export function createLoginLimits(parts: LimitParts): (app: FastifyInstance) => LimitLogins {
  const pending = new WeakMap<FastifyRequest, Pending>();
  const locks = createLockCache();
  const line = createWaitingLine({ atOnce: MOST_AT_ONCE, waiting: MOST_WAITING });
  const limitLogins: LimitLogins = async (request, typed) => {
    const account = typed?.toLowerCase() ?? null;
    const where = whereaboutsOf(request);
    const key = JSON.stringify([account, where.network, where.browser]);
    const locked = locks.find(key);
    if (locked) throw tooMany(locked);
    const attempt = await beginAttempt(parts.database.system, account, where);
    if ('lockedUntil' in attempt) {
      locks.note(key, attempt.lockedUntil);
      throw tooMany(attempt.lockedUntil);
    }
    const leave = await line.enter(attempt.known !== null);
    if (!leave) {
      await takeBack(parts.database, attempt);
      throw new RequestProblem(429, 'busy', BUSY);
    }
    setTimeout(leave, LONGEST_MS).unref();
    pending.set(request, { attempt, leave });
  };
  return (app) => {
    app.addHook('onSend', async (request, reply, payload) => {
      const found = pending.get(request);
      if (!found) return;
      pending.delete(request);
      found.leave();
      await settle(parts, found.attempt, { request, reply, payload });
    });
    return limitLogins;
  };
}

interface Answer {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly payload: unknown;
}

/** A wrong attempt stays counted; a right one is forgotten, and where it came from is known from now on. */
async function settle(parts: LimitParts, attempt: Attempt, answer: Answer): Promise<void> {
  const { statusCode } = answer.reply;
  if (statusCode >= 200 && statusCode < 300) return remember(parts, attempt, answer);
  if (WRONG.has(codeIn(answer.payload))) return noticeLock(parts, attempt, answer.request);
  await takeBack(parts.database, attempt);
}

function codeIn(payload: unknown): string {
  if (typeof payload !== 'string') return '';
  return /^\{"code":"([a-z-]+)"/.exec(payload)?.[1] ?? '';
}

async function takeBack({ system }: Database, { counted }: Attempt): Promise<void> {
  for (const { subject } of counted) await uncountAttempt(system, subject);
}

async function remember(
  { database: { system }, publicUrl }: LimitParts,
  { account, where, known, counted }: Attempt,
  { request, reply }: Answer,
): Promise<void> {
  for (const { limit, subject } of counted)
    await (limit === AT_PLACE ? deleteAttempts(system, subject) : uncountAttempt(system, subject));
  if (account === null) return;
  const secure = (publicUrl?.protocol ?? `${request.protocol}:`) === 'https:';
  // Not one that it came with, and that another may have given it.
  const own = known === 'browser' ? where.browser : null;
  const browser = own ?? createBrowserToken();
  setBrowserCookie(reply, browser, { path: basePathOf(publicUrl), secure });
  const places = [placeOf('browser', browser), placeOf('network', where.network)];
  await upsertKnownPlaces(system, account, places);
}

/** Whoever's account it is, is told of a lockout; for an address without account the same is done. */
async function noticeLock(
  { database, queue }: LimitParts,
  { account, locksAccount }: Attempt,
  request: FastifyRequest,
): Promise<void> {
  if (account === null || !locksAccount) return;
  await queue.enqueue(database.system, 'login-locked.send', {
    siteId: siteIdOf(request),
    account,
    at: new Date().toISOString(),
    address: addressOf(request),
    userAgent: request.headers['user-agent'] ?? null,
  });
}

/** Null: at the front door. */
function siteIdOf(request: FastifyRequest): string | null {
  return request.routeOptions.url?.startsWith('/:site/') ? request.site.id : null;
}

const BUSY = 'Too many people log in at this moment. Try again in some seconds.';

function tooMany(until: Date): RequestProblem {
  const minutes = Math.max(1, Math.ceil((until.getTime() - Date.now()) / 60_000));
  const message = `Too many attempts to log in. Try again in ${minutes} min.`;
  return new RequestProblem(429, 'too-many-requests', message);
}
