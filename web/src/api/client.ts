import { type ApiError, apiError } from '@netdelta/core/api/page.ts';

/** The server said no, or could not be reached. Carries everything that was wrong. */
export class ApiFailure extends Error {
  override readonly name = 'ApiFailure';
  readonly status: number;
  readonly code: string;
  readonly problems: ApiError['problems'];

  constructor(status: number, { code, message, problems }: ApiError) {
    super(message);
    this.status = status;
    this.code = code;
    this.problems = problems;
  }
}

/** What reads a body: a zod schema of core/api. */
interface Reader<Body> {
  parse(body: unknown): Body;
}

interface Call {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly body?: unknown;
  /** Sent as it is, instead of a body. */
  readonly file?: Blob;
  /** What the file is said to be; absent: bytes. */
  readonly fileType?: string;
  readonly signal?: AbortSignal;
}

type QueryValue = string | number | undefined;

/**
 * Calls the API of the site named by `<base href>` and reads the answer by a schema of core/api.
 * Throws ApiFailure for every refusal, with status 0 when the server cannot be reached.
 */
export async function callApi<Body>(path: string, reader: Reader<Body>, call: Call = {}) {
  const response = await send(path, call);
  return reader.parse(await response.json());
}

/** The same for calls that answer with nothing, such as DELETE. */
export async function callApiForNothing(path: string, call: Call): Promise<void> {
  await send(path, call);
}

/** Writes a query string of what is defined and not empty, with its question mark; may be empty. */
export function queryString(values: Record<string, QueryValue>): string {
  const filled = Object.entries(values).filter(([, value]) => value !== undefined && value !== '');
  const text = new URLSearchParams(filled.map(([name, value]) => [name, String(value)])).toString();
  return text ? `?${text}` : '';
}

async function send(
  path: string,
  { method = 'GET', body, file, fileType, signal }: Call,
): Promise<Response> {
  const response = await fetch(`api/v1/${path}`, {
    method,
    credentials: 'same-origin',
    headers: {
      accept: 'application/json',
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...(file && { 'content-type': fileType ?? 'application/octet-stream' }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
    ...(file && { body: file }),
    ...(signal && { signal }),
  }).catch((cause: unknown) => {
    if (signal?.aborted) throw cause;
    throw new ApiFailure(0, UNREACHABLE);
  });
  if (!response.ok) throw await readFailure(response);
  return response;
}

const UNREACHABLE: ApiError = {
  code: 'unreachable',
  message: 'NetDelta does not answer. Check that it is running and that this network reaches it.',
  problems: [],
};

async function readFailure(response: Response): Promise<ApiFailure> {
  const body = apiError.safeParse(await response.json().catch(() => null));
  if (body.success) return new ApiFailure(response.status, body.data);
  const message = `The server answered ${response.status} ${response.statusText}. Its log says more.`;
  return new ApiFailure(response.status, { code: 'unexpected', message, problems: [] });
}
