import { once } from 'node:events';
import { createServer } from 'node:net';
import path from 'node:path';
import { type Accounts, createAccounts } from './accounts/accounts.ts';
import { createFirstAdmin } from './accounts/first-admin.ts';
import { createSetupLink } from './accounts/setup.ts';
import type { Config } from './config.ts';
import { createDoorRoutes, createSiteRoutes, type FeatureParts } from './features.ts';
import { createHttpServer } from './http/server.ts';
import { prepareVault } from './prepare-vault.ts';

/** HOST and PORT cannot be listened on; the message says why and what to do. */
export class AddressTakenError extends Error {
  override readonly name = 'AddressTakenError';
  readonly code = 'address-taken';
  readonly retryable = false;
}

export interface Served {
  /** Where people reach the pages. */
  readonly url: URL;
  /** The one-time link for the first person; null when a site exists. */
  readonly setupLink: URL | null;
}

/** The built pages, an absolute path. */
export const PAGES_FOLDER = path.resolve(import.meta.dirname, '..', '..', 'web', 'dist');

/**
 * Serves pages and API until the parts are closed, and sees to the first admin or the set-up link.
 * @throws AddressTakenError, SecretKeyError
 */
export async function startServer(parts: FeatureParts): Promise<Served> {
  const { config, database } = parts;
  const { keys, vault } = await prepareVault(parts);
  const accounts = await createAccounts({ ...parts, keys, vault, publicUrl: config.publicUrl });
  await makeFirstAdmin(parts);
  const server = await createApiServer(parts, accounts);
  parts.closing.add('the server', () => server.close());
  const port = await listen(server, config);
  const url = describeUrl({ ...config, port });
  return { url, setupLink: await createSetupLink(database, url) };
}

/** Pages and API of all features, not yet listening. */
export function createApiServer(parts: FeatureParts, accounts: Accounts): Promise<Server> {
  return createHttpServer({
    log: parts.log,
    publicUrl: parts.config.publicUrl,
    trustedProxies: parts.config.trustedProxies,
    version: parts.version,
    pagesFolder: PAGES_FOLDER,
    doorkeeper: accounts.doorkeeper,
    checkDatabase: () => parts.database.pool.query('select 1'),
    siteRoutes: [...accounts.siteRoutes, ...createSiteRoutes(parts)],
    doorRoutes: [...accounts.doorRoutes, ...createDoorRoutes(parts)],
  });
}

/** Where people reach the pages, as far as the configuration says it. */
export function describeUrl({
  publicUrl,
  host,
  port,
}: Pick<Config, 'publicUrl' | 'host' | 'port'>) {
  const everywhere = host === '0.0.0.0' || host === '::';
  const name = everywhere ? 'localhost' : host.includes(':') ? `[${host}]` : host;
  return publicUrl ?? new URL(`http://${name}:${port}/`);
}

/** Replaces port 0 by one that is free now: the links in mails are made before anybody listens. */
export async function settlePort(config: Config): Promise<Config> {
  if (config.port !== 0) return config;
  const probe = createServer();
  probe.listen({ host: config.host, port: 0 });
  // A host that cannot be listened on is explained by those who serve on it.
  const listening = await once(probe, 'listening').catch(() => null);
  const address = probe.address();
  if (!listening || typeof address !== 'object' || !address) return config;
  probe.close();
  await once(probe, 'close');
  return { ...config, port: address.port };
}

type Server = Awaited<ReturnType<typeof createHttpServer>>;

async function listen(server: Server, { host, port }: Config): Promise<number> {
  try {
    await server.listen({ host, port });
  } catch (error) {
    throw describeRefusal(error, host, port);
  }
  const address = server.server.address();
  return typeof address === 'object' && address ? address.port : port;
}

function describeRefusal(error: unknown, host: string, port: number): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : '';
  const reason = {
    EADDRINUSE: `another program listens on port ${port} of ${host}. End it, or choose another port: PORT=${port + 1}`,
    EACCES: `this user may not listen on port ${port}. Choose one of 1024 or more: PORT=9004`,
    EADDRNOTAVAIL: `${host} is no address of this machine. Set HOST to one, or to 0.0.0.0 for all`,
    ENOTFOUND: `the name ${host} is not known. Set HOST to an address of this machine`,
  }[String(code)];
  return reason
    ? new AddressTakenError(`NetDelta cannot start: ${reason}.`, { cause: error })
    : error;
}

async function makeFirstAdmin({ config, database, log }: FeatureParts): Promise<void> {
  const outcome = await createFirstAdmin({
    database,
    email: config.adminEmail ?? undefined,
    password: config.adminPassword ?? undefined,
    timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
  });
  if (outcome.kind === 'created') log.info({ site: outcome.siteSlug }, 'made the first site');
  if (outcome.kind === 'invalid') throw new Error(outcome.problems.join('\n'));
}
