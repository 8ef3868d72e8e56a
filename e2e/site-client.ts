/** Reads a body: a zod schema of core/api. */
interface Reader<Body> {
  parse(body: unknown): Body;
}

/** The API of one site, as somebody who is logged in calls it. Throws at every refusal. */
export interface SiteClient {
  readonly get: <Body>(path: string, reader: Reader<Body>) => Promise<Body>;
  readonly post: <Body>(path: string, reader: Reader<Body>, body?: unknown) => Promise<Body>;
}

/** Logs in to the site at `url` (with its slug and a final slash). */
export async function createSiteClient(
  url: string,
  person: { email: string; password: string },
): Promise<SiteClient> {
  const login = await send(`${url}api/v1/session`, { method: 'POST', body: person });
  const cookie = login.headers.getSetCookie()[0]?.split(';')[0] ?? '';
  const call = async <Body>(path: string, reader: Reader<Body>, request: Request) =>
    reader.parse(await (await send(`${url}api/v1/${path}`, { ...request, cookie })).json());
  return {
    get: (path, reader) => call(path, reader, { method: 'GET' }),
    post: (path, reader, body = {}) => call(path, reader, { method: 'POST', body }),
  };
}

interface Request {
  readonly method: 'GET' | 'POST';
  readonly body?: unknown;
  readonly cookie?: string;
}

async function send(url: string, { method, body, cookie }: Request): Promise<Response> {
  const response = await fetch(url, {
    method,
    headers: { 'content-type': 'application/json', ...(cookie && { cookie }) },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  if (response.ok) return response;
  throw new Error(`${method} ${url}: ${response.status} ${await response.text()}`);
}
