import type { SignOnRefusal } from '@netdelta/core/access/sign-on.ts';
import { AuthorizationResponseError, ClientError, ResponseBodyError } from 'openid-client';
import { OutboundFailedError, OutboundRefusedError } from '../../outbound/outbound-error.ts';

type Code = Extract<SignOnRefusal, 'unreachable' | 'misconfigured' | 'denied' | 'unproven'>;

/** The provider did not do its part. The message is for administrators, the code's sentence for others. */
export class ProviderFailure extends Error {
  override readonly name = 'ProviderFailure';
  readonly code: Code;
  readonly retryable: boolean;
  constructor(code: Code, message: string, cause: unknown) {
    super(message, { cause });
    this.code = code;
    this.retryable = code === 'unreachable';
  }
}

/** What went wrong between us and the provider, from whatever openid-client or fetch threw. */
export function describeFailure(error: unknown, issuer: string): ProviderFailure {
  const found =
    describeRefusal(error) ?? describeAnswer(error, issuer) ?? describeNetwork(error, issuer);
  return new ProviderFailure(found.code, found.message, error);
}

interface Found {
  readonly code: Code;
  readonly message: string;
}

/** Errors that the provider names itself (RFC 6749, 4.1.2.1 and 5.2). */
function describeRefusal(error: unknown): Found | null {
  if (error instanceof AuthorizationResponseError) {
    const code = MISTAKES_OF_CLIENTS.has(error.error) ? 'misconfigured' : 'denied';
    return { code, message: `The provider let nobody in: ${quote(error)}.` };
  }
  if (!(error instanceof ResponseBodyError)) return null;
  if (error.error === 'invalid_client' || error.error === 'unauthorized_client')
    return { code: 'misconfigured', message: `${WRONG_CLIENT} It says: ${quote(error)}.` };
  const code = error.error === 'invalid_grant' ? 'unproven' : 'misconfigured';
  return { code, message: `The provider refused the code of this login: ${quote(error)}.` };
}

export const WRONG_CLIENT = 'The provider does not accept this client id with this client secret.';
const MISTAKES_OF_CLIENTS: ReadonlySet<string> = new Set([
  'invalid_request',
  'invalid_scope',
  'unauthorized_client',
  'unsupported_response_type',
]);

export function quote({
  error,
  error_description: words,
}: Pick<ResponseBodyError, 'error' | 'error_description'>): string {
  const text = words ? `${error}, ${words}` : error;
  return `"${text.slice(0, 300)}"`;
}

/** Answers that are none: of another status, form or issuer than they should be, or not signed by it. */
function describeAnswer(error: unknown, issuer: string): Found | null {
  if (!(error instanceof ClientError)) return null;
  const { code, cause } = error;
  if (code === 'OAUTH_RESPONSE_IS_NOT_CONFORM' && cause instanceof Response)
    return describeStatus(cause);
  if (code === 'OAUTH_RESPONSE_IS_NOT_JSON' || code === 'OAUTH_PARSE_ERROR')
    return { code: 'misconfigured', message: `What ${issuer} answers is not JSON.` };
  const named = issuerIn(cause);
  if (named !== null)
    return {
      code: 'misconfigured',
      message: `The provider calls itself ${named}: enter exactly that as its issuer, not ${issuer}.`,
    };
  if (code === 'OAUTH_MISSING_SERVER_METADATA' || code === 'OAUTH_INVALID_SERVER_METADATA')
    return {
      code: 'misconfigured',
      message: `The provider's description lacks something: ${text(error)}.`,
    };
  if (code?.startsWith('OAUTH_') && code !== 'OAUTH_TIMEOUT' && code !== 'OAUTH_ABORT')
    return { code: 'unproven', message: `The provider's answer is not valid: ${text(error)}.` };
  return null;
}

function describeStatus({ status, url }: Response): Found {
  const where = url ? ` at ${new URL(url).origin}${new URL(url).pathname}` : '';
  const code = status >= 500 || status === 429 ? 'unreachable' : 'misconfigured';
  const hint = status === 404 ? ' Is the issuer right? Its path belongs to it.' : '';
  return { code, message: `The provider answered ${status}${where}.${hint}` };
}

function issuerIn(cause: unknown): string | null {
  if (typeof cause !== 'object' || cause === null || !('attribute' in cause)) return null;
  const { attribute, body } = cause as { attribute: unknown; body?: { issuer?: unknown } };
  return attribute === 'issuer' && typeof body?.issuer === 'string' ? body.issuer : null;
}

/** Nothing came back: who is asked cannot be reached, or must not be. */
function describeNetwork(error: unknown, issuer: string): Found {
  const causes = causesOf(error);
  const refused = causes.find((cause) => cause instanceof OutboundRefusedError);
  if (refused) return { code: 'misconfigured', message: refused.message };
  const failed = causes.find((cause) => cause instanceof OutboundFailedError);
  if (failed) return { code: 'unreachable', message: failed.message };
  const slow = error instanceof ClientError && error.code === 'OAUTH_TIMEOUT';
  const why = slow ? 'it takes too long' : text(error);
  return { code: 'unreachable', message: `${new URL(issuer).host} does not answer: ${why}.` };
}

const MOST_CAUSES = 10;

function causesOf(error: unknown): Error[] {
  const causes: Error[] = [];
  for (let at = error; at instanceof Error && causes.length < MOST_CAUSES; at = at.cause)
    causes.push(at);
  return causes;
}

/** openid-client says in its message what kind of error it is, and in the cause which one. */
function text(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const causes = causesOf(error).map(({ message }) => message);
  return [...new Set(causes)].join(': ').replace(/\.$/, '').slice(0, 300);
}
