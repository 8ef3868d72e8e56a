import type { ApiError } from '@netdelta/core/api/page.ts';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod';
import { SecretKeyError } from '../secrets/key-file.ts';
import { SecretUnreadableError } from '../secrets/vault.ts';
import { RequestProblem } from './request-problem.ts';

/** What a person is told about an error: a status and an `ApiError` body. */
interface ErrorAnswer {
  readonly status: number;
  readonly body: ApiError;
}

/** Turns any error of a route into its answer. What is not understood says nothing of its inside. */
function describeError(error: unknown): ErrorAnswer {
  return (
    describeProblem(error) ??
    describeValidation(error) ??
    describeUnreadable(error) ??
    describeRefusal(error) ??
    describeDatabase(error) ?? {
      status: 500,
      body: { code: 'unexpected', message: UNEXPECTED, problems: [] },
    }
  );
}

const UNEXPECTED =
  'Something went wrong inside NetDelta. Its log tells more, under the request id of this answer.';

function describeProblem(error: unknown): ErrorAnswer | undefined {
  if (!(error instanceof RequestProblem)) return undefined;
  const { status, code, message, problems } = error;
  return { status, body: { code, message, problems } };
}

function describeValidation(error: unknown): ErrorAnswer | undefined {
  if (!hasZodFastifySchemaValidationErrors(error)) return undefined;
  const problems = error.validation.map(({ instancePath, message }) => ({
    path: instancePath.slice(1).replaceAll('/', '.'),
    message: message ?? 'is not valid',
  }));
  const where = error.validationContext ?? 'request';
  const message = `The ${PARTS[where] ?? where} is not valid: ${problems.length} ${problems.length === 1 ? 'problem' : 'problems'}.`;
  return { status: 400, body: { code: 'invalid', message, problems } };
}

const PARTS: Record<string, string> = { querystring: 'query', params: 'address' };

function describeDatabase(error: unknown): ErrorAnswer | undefined {
  if (isDatabaseAway(error)) {
    const message = 'The database does not answer; retrying. Try again in a moment.';
    return { status: 503, body: { code: 'database-away', message, problems: [] } };
  }
  if (UNSTORABLE.has(codeOf(error)))
    return { status: 400, body: { code: 'bad-request', message: UNSTORABLE_TEXT, problems: [] } };
  if (codeOf(error) !== UNIQUE_VIOLATION) return undefined;
  const message = 'Something of that name or identity exists already.';
  return { status: 409, body: { code: 'exists-already', message, problems: [] } };
}

/** Which secret it was stands in the log alone. */
function describeUnreadable(error: unknown): ErrorAnswer | undefined {
  if (!(error instanceof SecretUnreadableError) && !(error instanceof SecretKeyError))
    return undefined;
  return { status: 500, body: { code: error.code, message: UNREADABLE, problems: [] } };
}

const UNREADABLE =
  "A stored secret that this needs cannot be read with the server's secret key. Whoever runs NetDelta: " +
  '"netdelta secrets check" says why, and what to do.';

/** Postgres error code, https://www.postgresql.org/docs/18/errcodes-appendix.html */
const UNIQUE_VIOLATION = '23505';
/** character_not_in_repertoire, untranslatable_character: Postgres has no NUL in texts and in jsonb. */
const UNSTORABLE = new Set(['22021', '22P05']);
const UNSTORABLE_TEXT =
  'A text of the request holds a character that cannot be stored (NUL, or half of one). Leave it out.';

/** Whether an error means that the database cannot be reached now, so that trying again may help. */
export function isDatabaseAway(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  // Node wraps the attempts on several addresses of one name.
  if (error instanceof AggregateError && error.errors.some(isDatabaseAway)) return true;
  if (AWAY_CODES.test(codeOf(error)) || AWAY_MESSAGES.test(error.message)) return true;
  // Parts of other makers wrap what the database said.
  return isDatabaseAway(error.cause);
}

/** System errors; then classes 08, 53, 57P: connection, resources, shutdown. */
const AWAY_CODES =
  /^(ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ENOENT|ENOTFOUND|EAI_AGAIN|08...|53...|57P0.)$/;
/** What pg and its pool say without a code. */
const AWAY_MESSAGES =
  /^(Connection terminated|timeout expired|timeout exceeded when trying to connect|Client has encountered a connection error|Cannot use a pool after)/;

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}

/** Fastify's own refusals: a body too large, not JSON, broken off. Before system errors: a client may go, too. */
function describeRefusal(error: unknown): ErrorAnswer | undefined {
  const status = error instanceof Error ? (error as Partial<FastifyError>).statusCode : undefined;
  if (!(error instanceof Error) || !status || status < 400 || status > 499) return undefined;
  const code = REFUSAL_CODES[status] ?? 'refused';
  return { status, body: { code, message: error.message, problems: [] } };
}

const REFUSAL_CODES: Record<number, string> = {
  404: 'not-found',
  413: 'too-large',
  415: 'unsupported-content-type',
  429: 'too-many-requests',
};

/** Answers an error of any route, and logs what is not the person's own mistake. */
export function sendError(error: unknown, request: FastifyRequest, reply: FastifyReply) {
  const { status, body } = describeError(error);
  if (status >= 500) request.log.error({ err: error }, 'request failed');
  if (status === 503) reply.header('retry-after', '5');
  return reply.code(status).type('application/json; charset=utf-8').send(JSON.stringify(body));
}
