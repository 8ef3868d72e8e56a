import type { NodemailerError } from 'nodemailer';

export type MailFailureCode =
  | 'not-configured'
  | 'unreachable'
  | 'timed-out'
  | 'tls'
  | 'auth'
  | 'sender'
  | 'recipient'
  | 'message'
  | 'cancelled'
  | 'unknown';

/**
 * Why a mail was not handed over, in words for a person, without the password.
 * `retryable`: the same mail may pass later, by itself or after the settings were corrected.
 */
export class MailFailure extends Error {
  readonly code: MailFailureCode;
  readonly retryable: boolean;

  constructor(
    message: string,
    { code, retryable, cause }: { code: MailFailureCode; retryable: boolean; cause?: unknown },
  ) {
    super(message, { cause });
    this.name = 'MailFailure';
    this.code = code;
    this.retryable = retryable;
  }
}

/** Where and to whom a mail was on its way when it failed. */
export interface MailAttempt {
  /** `smtp://host:port`, without user and password. */
  readonly server: string;
  readonly user: string;
  readonly password: string;
  readonly recipient: string;
  readonly timeoutSeconds: number;
}

/** Makes a failure of nodemailer (its codes: `EAUTH`, `EENVELOPE` …; replies: RFC 5321) one for people. */
export function explainMailError(error: NodemailerError, attempt: MailAttempt): MailFailure {
  const reply = redact(error.response ?? error.message, attempt.password);
  const { code, message } = explain(error, attempt, reply);
  return new MailFailure(message, {
    code,
    retryable: !isFinal(code, error),
    cause: new Error(`${error.code ?? error.name}: ${reply}`),
  });
}

interface Explained {
  readonly code: MailFailureCode;
  readonly message: string;
}

function explain(error: NodemailerError, attempt: MailAttempt, reply: string): Explained {
  const { server, user } = attempt;
  switch (error.code) {
    case 'EAUTH':
    case 'ENOAUTH':
      return {
        code: 'auth',
        message: `${server} did not accept the login${user && ` of ${user}`}: ${reply}. Check user and password in SMTP_URL.`,
      };
    case 'ETLS':
      return {
        code: 'tls',
        message: `${server}: no secure connection (${reply}). The server needs a certificate that this machine trusts and that names it.`,
      };
    case 'EENVELOPE':
      return explainEnvelope(error, attempt, reply);
    case 'EMESSAGE':
      return { code: 'message', message: `${server} did not accept the message: ${reply}` };
    default:
      return explainConnection(error, attempt, reply);
  }
}

function explainEnvelope(
  error: NodemailerError,
  { server, recipient }: MailAttempt,
  reply: string,
): Explained {
  if (error.command === 'MAIL FROM')
    return {
      code: 'sender',
      message: `${server} did not accept the sender: ${reply}. Check NETDELTA_MAIL_FROM.`,
    };
  return { code: 'recipient', message: `${server} did not accept ${recipient}: ${reply}` };
}

const NOT_FOUND = new Set(['EDNS', 'ENOTFOUND', 'EAI_AGAIN']);
const CERTIFICATE = /certificate|self-signed|altname|wrong version number/i;

function explainConnection(
  error: NodemailerError,
  { server, timeoutSeconds }: MailAttempt,
  reply: string,
): Explained {
  const codes = [error.code ?? '', error.originalCode ?? ''];
  if (codes.includes('ETIMEDOUT'))
    return { code: 'timed-out', message: `${server} did not answer within ${timeoutSeconds} s.` };
  if (codes.includes('EABORT'))
    return { code: 'cancelled', message: 'NetDelta was stopped before the mail was handed over.' };
  if (codes.some((code) => NOT_FOUND.has(code)))
    return { code: 'unreachable', message: `${server}: no such host. Check the name in SMTP_URL.` };
  if (CERTIFICATE.test(reply))
    return { code: 'tls', message: `${server}: no secure connection (${reply}).` };
  if (codes.includes('ECONNREFUSED') || /ECONNREFUSED/.test(reply))
    return {
      code: 'unreachable',
      message: `${server} refused the connection. Check host and port in SMTP_URL, and that the server runs.`,
    };
  if (codes.some((code) => ['ESOCKET', 'ECONNECTION'].includes(code)))
    return { code: 'unreachable', message: `${server} cannot be reached: ${reply}` };
  return { code: 'unknown', message: `${server}: ${reply}` };
}

const REFUSABLE: ReadonlySet<MailFailureCode> = new Set(['recipient', 'message']);

/** Settings can be corrected while a mail waits; a recipient or message refused for good (5xx) cannot. */
function isFinal(code: MailFailureCode, error: NodemailerError): boolean {
  return REFUSABLE.has(code) && (error.permanent ?? (error.responseCode ?? 0) >= 500);
}

function redact(text: string, password: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return password ? line.replaceAll(password, '***') : line;
}
