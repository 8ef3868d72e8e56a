import type { Permission } from '@netdelta/core/access/roles.ts';
import type { FastifyInstance } from 'fastify';

/**
 * What a route asks of who calls it: `nothing`; a `person` who is logged in, however (no API key); one
 * who has logged in by themselves (`login`), and not through a site's identity provider, for what holds
 * outside of the site, too; a permission, which a role or the scope of a key gives; or the administrator
 * of the `platform`.
 */
export type Need = Permission | 'nothing' | 'person' | 'login' | 'platform';

export interface DeclaredRoute {
  readonly method: string;
  /** With its prefix, such as `/:site/api/v1/groups/:id`. */
  readonly path: string;
  readonly needs: Need;
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Who may call the route. Every route of the API says it. */
    needs?: Need;
  }
}

/** A route does not say what it needs: the server does not start with it. */
export class UndeclaredRouteError extends Error {
  override readonly name = 'UndeclaredRouteError';
  readonly code = 'undeclared-route';
  readonly retryable = false;
}

/**
 * Refuses every route that is added to `app` later and does not say, in `config: { needs }`, which
 * of the `known` it needs; notes the others in `declared`.
 */
export function requireNeeds(
  app: FastifyInstance,
  { known, declared }: { known: readonly Need[]; declared: DeclaredRoute[] },
): void {
  app.addHook('onRoute', ({ method, url, config }) => {
    const needs = config?.needs;
    if (needs === undefined || !known.includes(needs))
      throw new UndeclaredRouteError(
        `${method} ${url} has to say who may call it: config: { needs: … }, one of ${known.join(', ')}.`,
      );
    for (const each of [method].flat()) declared.push({ method: each, path: url, needs });
  });
}
