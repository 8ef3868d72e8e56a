import { randomBytes } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { addressOf, networkOf } from '../../http/client-address.ts';

/** Says to this server alone that somebody has logged in by this browser before; it opens nothing. */
const BROWSER_COOKIE = 'netdelta.browser';
const COOKIE_SECONDS = 120 * 24 * 3_600;
const TOKEN = /^[\w-]{43}$/;

/** From where somebody tries. */
export interface Whereabouts {
  readonly network: string;
  /** Of the browser's cookie; null: it has none. */
  readonly browser: string | null;
}

export function whereaboutsOf(request: FastifyRequest): Whereabouts {
  const browser = request.cookies[BROWSER_COOKIE] ?? '';
  return {
    network: networkOf(addressOf(request)),
    browser: TOKEN.test(browser) ? browser : null,
  };
}

export function createBrowserToken(): string {
  return randomBytes(32).toString('base64url');
}

/** Lets a browser be known by its token below `path`, for as long again as it is remembered. */
export function setBrowserCookie(
  reply: FastifyReply,
  token: string,
  { path, secure }: { path: string; secure: boolean },
): void {
  const attributes = {
    path,
    secure,
    httpOnly: true,
    sameSite: 'lax',
    maxAge: COOKIE_SECONDS,
  } as const;
  reply.setCookie(BROWSER_COOKIE, token, attributes);
}
