import type { LookupFunction } from 'node:net';
import { fetch as fetchBy, type RequestInit as Init } from 'undici';
import type { Allowances } from './decide-address.ts';
import { createGuardedAgent } from './guarded-agent.ts';
import { OutboundFailedError, OutboundRefusedError } from './outbound-error.ts';

/**
 * As `fetch`, for whatever a site's configuration makes NetDelta ask: http and https alone, to public
 * addresses alone. The answer is read whole, within 10 seconds and 1 MB unless told otherwise. GET and
 * HEAD follow five redirects, each judged as the first address, never from https to http; others follow
 * none. @throws OutboundRefusedError, OutboundFailedError
 */
export type FetchOutside = (url: string | URL, options?: OutsideOptions) => Promise<Response>;

export interface OutsideOptions extends RequestInit {
  readonly timeoutMs?: number;
  /** Bytes of the answer, unpacked. */
  readonly mostBytes?: number;
}

export interface Outbound {
  readonly fetchOutside: FetchOutside;
  readonly close: () => Promise<void>;
}

const TIMEOUT_MS = 10_000;
const MOST_BYTES = 1_000_000;
const MOST_REDIRECTS = 5;
const REDIRECTS = new Set([301, 302, 303, 307, 308]);
const WITHOUT_BODY = new Set([101, 204, 205, 304]);

/** `lookup`: how names are resolved, as node:dns does it. */
export function createOutbound(allowances: Allowances, lookup?: LookupFunction): Outbound {
  const dispatcher = createGuardedAgent(allowances, lookup);
  const fetchOutside: FetchOutside = async (url, options = {}) => {
    const { timeoutMs = TIMEOUT_MS, mostBytes = MOST_BYTES, signal, ...request } = options;
    const timeout = AbortSignal.timeout(timeoutMs);
    const bounds = signal ? AbortSignal.any([signal, timeout]) : timeout;
    const first = readUrl(url);
    const init = { ...request, dispatcher, signal: bounds } as unknown as Init;
    try {
      return await follow(first, init, mostBytes);
    } catch (error) {
      if (signal?.aborted) throw signal.reason;
      throw describeFailure(error, first.host, timeout.aborted ? timeoutMs : null);
    }
  };
  return { fetchOutside, close: () => dispatcher.destroy() };
}

async function follow(first: URL, init: Init, mostBytes: number): Promise<Response> {
  let url = first;
  let headers = init.headers;
  for (let count = 0; ; count += 1) {
    const answer = await fetchBy(url, { ...init, ...(headers && { headers }), redirect: 'manual' });
    const location = answer.headers.get('location');
    if (!REDIRECTS.has(answer.status) || location === null || init.redirect === 'manual')
      return readWhole(answer, url, mostBytes);
    await answer.body?.cancel();
    const next = readUrl(new URL(location, url));
    requireFollowable(url, next, { count, init });
    if (next.origin !== url.origin) headers = withoutSecrets(headers);
    url = next;
  }
}

function readUrl(given: string | URL): URL {
  const url = URL.parse(String(given));
  if (url && /^https?:$/.test(url.protocol) && url.username === '' && url.password === '')
    return url;
  throw new OutboundRefusedError(
    'url-not-allowed',
    'Only addresses that begin with https:// or http:// and hold no user name or password can be asked.',
  );
}

function requireFollowable(
  from: URL,
  to: URL,
  { count, init }: { count: number; init: Init },
): void {
  const why =
    init.redirect === 'error' || !/^(get|head)$/i.test(init.method ?? 'GET')
      ? 'answers with a redirect'
      : count >= MOST_REDIRECTS
        ? `redirects more than ${MOST_REDIRECTS} times`
        : from.protocol === 'https:' && to.protocol === 'http:'
          ? 'redirects from https to http'
          : null;
  if (why === null) return;
  throw new OutboundRefusedError(
    'redirect-not-allowed',
    `${from.host} ${why}, which is not followed. Enter the address that it leads to.`,
  );
}

function withoutSecrets(headers: Init['headers']): Init['headers'] {
  const kept = new Headers(headers as RequestInit['headers']);
  for (const name of ['authorization', 'cookie', 'proxy-authorization']) kept.delete(name);
  return [...kept];
}

/** Unpacked bytes are counted while they come: what is small on the wire may be large. */
async function readWhole(
  answer: Awaited<ReturnType<typeof fetchBy>>,
  url: URL,
  mostBytes: number,
): Promise<Response> {
  const pieces: Uint8Array[] = [];
  let size = 0;
  for await (const piece of answer.body ?? []) {
    size += piece.length;
    if (size > mostBytes)
      throw new OutboundRefusedError(
        'too-large',
        `${url.host} answers with more than ${mostBytes} bytes.`,
      );
    pieces.push(piece);
  }
  const headers = new Headers([...answer.headers]);
  for (const name of ['content-encoding', 'content-length', 'transfer-encoding'])
    headers.delete(name);
  const { status, statusText } = answer;
  const body = WITHOUT_BODY.has(status) ? null : Buffer.concat(pieces);
  const whole = new Response(body, { status, statusText, headers });
  Object.defineProperty(whole, 'url', { value: url.href });
  return whole;
}

/** fetch hides what happened in the cause of the cause. */
function describeFailure(error: unknown, host: string, waitedMs: number | null): Error {
  const refusal = causesOf(error).find((cause) => cause instanceof OutboundRefusedError);
  if (refusal) return refusal;
  const deepest = causesOf(error).at(-1);
  const why =
    waitedMs === null
      ? (deepest && 'code' in deepest && String(deepest.code)) || deepest?.message
      : `no whole answer within ${waitedMs / 1_000} s`;
  return new OutboundFailedError(`${host} cannot be asked: ${why}.`, { cause: error });
}

function causesOf(error: unknown): Error[] {
  if (!(error instanceof Error)) return [];
  const several = error instanceof AggregateError ? error.errors.flatMap(causesOf) : [];
  return [error, ...several, ...causesOf(error.cause)];
}
