import swagger from '@fastify/swagger';
import { KEY_PERMISSIONS } from '@netdelta/core/access/roles.ts';
import type { FastifyContextConfig, FastifyInstance } from 'fastify';
import { jsonSchemaTransform } from 'fastify-type-provider-zod';

/** Collects the schemas of all routes that are added later. */
export async function collectOpenApi(app: FastifyInstance, version: string): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: 'NetDelta', version },
      components: { securitySchemes: { key: KEY_SCHEME } },
    },
    transform: describeRoute,
  });
}

const KEY_SCHEME = {
  type: 'http',
  scheme: 'bearer',
  description: 'An API key. Operations say in x-needs which scope it has to have.',
} as const;

/** Says besides the schema what a route needs, and where an API key opens it. */
function describeRoute(data: Parameters<typeof jsonSchemaTransform>[0]) {
  const { schema, url } = jsonSchemaTransform(data);
  const { needs } = (data.route as { config?: FastifyContextConfig }).config ?? {};
  const forKeys = KEY_PERMISSIONS.some((permission) => permission === needs);
  const security = forKeys ? [{ key: [] }] : [];
  return { url, schema: { ...schema, ...(needs && { security, 'x-needs': needs }) } };
}

/** Serves `openapi.json` (OpenAPI 3.1) of one site: its paths name that site. */
export async function registerOpenApi(app: FastifyInstance): Promise<void> {
  app.get(
    '/openapi.json',
    { config: { needs: 'read' }, schema: { hide: true } },
    async ({ site }) => {
      const { paths = {}, ...document } = app.swagger();
      const ofSite = Object.entries(paths)
        .filter(([path]) => path.startsWith(SITE_PREFIX))
        .map(([path, item = {}]) => [path.replace('{site}', site.slug), withoutSite(item)]);
      return { ...document, paths: Object.fromEntries(ofSite) };
    },
  );
}

const SITE_PREFIX = '/{site}/api/v1/';

/** The site is named by the path, so that no operation may ask for it as a parameter. */
function withoutSite(item: object): object {
  const operations = Object.entries(item).map(([method, operation]: [string, Operation]) => {
    const parameters = operation.parameters?.filter(({ name }) => name !== 'site');
    return [method, parameters ? { ...operation, parameters } : operation];
  });
  return Object.fromEntries(operations);
}

interface Operation {
  readonly parameters?: readonly { readonly name: string }[];
}
