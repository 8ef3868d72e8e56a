import type { Letter } from '@netdelta/core/policy/letter.ts';
import { createTransport, type NodemailerError } from 'nodemailer';
import { explainMailError, MailFailure } from './mail-failure.ts';
import { parseSmtpUrl, type SmtpUrl } from './smtp-url.ts';

/** One letter to one person. */
export interface OutgoingMail extends Letter {
  readonly recipient: string;
  /** The same for every attempt at one letter, so that a repeated mail can be known as one (Message-ID). */
  readonly key?: string;
}

/** Hands letters over to a mail server, each on a connection of its own. */
export interface MailSender {
  readonly configured: boolean;
  /** Which server is used, or what to set. Without user and password. */
  readonly note: string;
  /** Resolves with the server's reply once it has taken the mail over; throws MailFailure. */
  readonly send: (mail: OutgoingMail, signal?: AbortSignal) => Promise<string>;
}

export interface MailSettings {
  readonly smtpUrl: string | undefined;
  /** An address, or `Name <address>`. */
  readonly from: string;
  /** For everything from the name lookup to the server's last reply. Default 40,000. */
  readonly timeoutMs?: number;
}

const TIMEOUT_MS = 40_000;

/** Makes the sender of mails. Nothing is connected before the first one; without SMTP_URL each fails and says so. */
export function createMailSender(settings: MailSettings): MailSender {
  const smtp = parseSmtpUrl(settings.smtpUrl);
  if (!smtp.ok) return { configured: false, note: smtp.reason, send: () => refuse(smtp.reason) };
  const transport = createSmtpTransport(smtp.url, settings);
  return {
    configured: true,
    note: `Mail is sent through ${smtp.shown} as ${settings.from}.`,
    send: (mail, signal) => sendMail({ transport, smtp, settings }, mail, signal),
  };
}

async function refuse(reason: string): Promise<never> {
  throw new MailFailure(reason, { code: 'not-configured', retryable: true });
}

type SmtpTransport = ReturnType<typeof createSmtpTransport>;

function createSmtpTransport(url: string, { from, timeoutMs = TIMEOUT_MS }: MailSettings) {
  return createTransport(
    {
      url,
      dnsTimeout: timeoutMs,
      connectionTimeout: timeoutMs,
      greetingTimeout: timeoutMs,
      socketTimeout: timeoutMs,
      // A machine without a network still has its own mail server.
      allowInternalNetworkInterfaces: true,
      disableFileAccess: true,
      disableUrlAccess: true,
    },
    { from, headers: { 'Auto-Submitted': 'auto-generated' } },
  );
}

interface Way {
  readonly transport: SmtpTransport;
  readonly smtp: Extract<SmtpUrl, { ok: true }>;
  readonly settings: MailSettings;
}

async function sendMail(
  { transport, smtp, settings: { from, timeoutMs = TIMEOUT_MS } }: Way,
  { recipient, subject, text, html, key }: OutgoingMail,
  signal?: AbortSignal,
): Promise<string> {
  const limit = AbortSignal.timeout(timeoutMs);
  try {
    const info = await transport.sendMail({
      // An object, not a list to be parsed: one row is one person.
      to: { name: '', address: recipient },
      subject,
      text,
      html,
      ...(key && { messageId: `<${key}@${domainOf(from)}>` }),
      signal: signal ? AbortSignal.any([limit, signal]) : limit,
    });
    return info.response;
  } catch (error) {
    throw explainMailError(toNodemailerError(error, limit, signal), {
      server: smtp.shown,
      user: smtp.user,
      password: smtp.password,
      recipient,
      timeoutSeconds: timeoutMs / 1000,
    });
  }
}

function domainOf(from: string): string {
  return /@([^@>\s]+)>?\s*$/.exec(from)?.[1] ?? 'localhost';
}

/** Which of the two signals ended a send is not in the error: ask the signals. */
function toNodemailerError(
  error: unknown,
  limit: AbortSignal,
  signal: AbortSignal | undefined,
): NodemailerError {
  if (signal?.aborted) return Object.assign(new Error('stopped'), { code: 'EABORT' });
  if (limit.aborted) return Object.assign(new Error('out of time'), { code: 'ETIMEDOUT' });
  return error instanceof Error ? error : new Error(String(error));
}
