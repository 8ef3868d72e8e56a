import type { FastifyInstance, LightMyRequestResponse } from 'fastify';
import { pino } from 'pino';
import { createMailSender } from '../../channels/mail/mail-sender.ts';
import type { Database } from '../../db/database.ts';
import { createHttpServer } from '../../http/server.ts';
import { buildHttpParts } from '../../http/testing/create-test-server.ts';
import type { FetchOutside } from '../../outbound/fetch-outside.ts';
import type { EnqueueOptions, JobData, JobName, Queue } from '../../queue/queue.ts';
import { buildKeys } from '../../secrets/testing/build-keys.ts';
import { createAccounts } from '../accounts.ts';

interface EnqueuedJob {
  readonly name: JobName;
  readonly data: JobData[JobName];
  readonly options?: EnqueueOptions | undefined;
}

/** The parts that send mails to people, with a queue that only notes what it gets. */
function createPeopleMailParts(database: Database, smtpUrl: string | undefined) {
  const jobs: EnqueuedJob[] = [];
  const queue: Queue = {
    enqueue: async (_tx, name, data, options) => {
      jobs.push({ name, data, options });
    },
    work: async () => undefined,
    start: async () => undefined,
    stop: async () => undefined,
  };
  return {
    database,
    queue,
    jobs,
    mail: createMailSender({ smtpUrl, from: 'netdelta@example.org', timeoutMs: 5_000 }),
    baseUrl: new URL('https://nd.example/'),
    log: pino({ level: 'silent' }),
  };
}

/** The server with the real accounts and nothing else. Close `app` when done. */
export async function createAccountServer(
  database: Database,
  {
    secrets = buildKeys(),
    publicUrl = null as URL | null,
    smtpUrl = undefined as string | undefined,
    fetchOutside = fetch as FetchOutside,
  } = {},
) {
  const parts = createPeopleMailParts(database, smtpUrl);
  const { doorkeeper, siteRoutes, doorRoutes } = await createAccounts({
    ...parts,
    ...secrets,
    fetchOutside,
    publicUrl,
  });
  const app: FastifyInstance = await createHttpServer(
    buildHttpParts({ publicUrl, doorkeeper, siteRoutes, doorRoutes }),
  );
  return { app, parts };
}

/** A browser's cookies: keeps what is set with its path, and sends what fits the address. Follows no redirects. */
export function createBrowser(app: FastifyInstance) {
  const jar = new Map<string, { path: string; pair: string }>();
  const cookieFor = (url: string) =>
    [...jar.values()].filter(({ path }) => url.startsWith(path)).map(({ pair }) => pair);
  const ask = async (method: 'GET' | 'POST' | 'PUT' | 'DELETE', url: string, payload?: object) => {
    const reply: LightMyRequestResponse = await app.inject({
      method,
      url,
      headers: { cookie: cookieFor(url).join('; '), 'sec-fetch-site': 'same-origin' },
      ...(payload && { payload }),
    });
    for (const { name, value, path = '/', maxAge, expires } of reply.cookies) {
      const ended = maxAge === 0 || (expires && expires.getTime() < Date.now());
      if (ended) jar.delete(`${name} ${path}`);
      else jar.set(`${name} ${path}`, { path, pair: `${name}=${encodeURIComponent(value)}` });
    }
    return reply;
  };
  return { ask, jar };
}
