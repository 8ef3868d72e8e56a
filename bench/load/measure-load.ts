import autocannon, { type Result } from 'autocannon';

/** What a question cost under load. */
export interface LoadResult {
  readonly perSecond: number;
  /** Milliseconds from question to answer that so many percent of all did not exceed. */
  readonly percentile: (percent: number) => number;
  /** Answers other than 2xx, and none at all. */
  readonly failures: number;
}

const CONNECTIONS = 8;
const SECONDS = 5;
const CLIENTS = 400;

/** Asks paths in turn over eight connections for five seconds, after one second that does not count. */
export async function measureLoad(
  url: string,
  paths: readonly string[],
  cookie: string,
): Promise<LoadResult> {
  await load(url, paths, { cookie, seconds: 1 });
  return load(url, paths, { cookie, seconds: SECONDS });
}

async function load(
  url: string,
  paths: readonly string[],
  { cookie, seconds }: { cookie: string; seconds: number },
): Promise<LoadResult> {
  const times: number[] = [];
  // They come from many clients through a proxy: the limit of requests a minute is for each.
  const requests = Array.from({ length: Math.max(CLIENTS, paths.length) }, (_, at) => ({
    method: 'GET' as const,
    path: paths[at % paths.length] ?? '/',
    headers: { cookie, 'x-forwarded-for': `10.0.${(at % CLIENTS) >> 8}.${(at % CLIENTS) & 255}` },
  }));
  const result = await new Promise<Result>((resolve, reject) => {
    const options = { url, connections: CONNECTIONS, duration: seconds, requests };
    const run = autocannon(options, (error, ended) => (error ? reject(error) : resolve(ended)));
    run.on('response', (_client, _status, _bytes, ms) => times.push(ms));
  });
  times.sort((a, b) => a - b);
  return {
    perSecond: result.requests.average,
    percentile: (percent) =>
      times[Math.min(times.length - 1, Math.floor((times.length * percent) / 100))] ?? Number.NaN,
    failures: result.non2xx + result.errors + result.timeouts,
  };
}
