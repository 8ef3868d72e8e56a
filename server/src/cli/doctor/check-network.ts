import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { parseSmtpUrl } from '../../channels/mail/smtp-url.ts';
import type { Config } from '../../config.ts';
import { describeUrl } from '../../serve.ts';
import { type Check, failed, ok, warning } from './check.ts';

const TIMEOUT_MS = 5_000;

/** The mail server: connects and, without TLS, waits for its greeting. Logs in nowhere and sends nothing. */
export async function checkMail(smtpUrl: string | null): Promise<Check> {
  const smtp = parseSmtpUrl(smtpUrl ?? undefined);
  if (!smtpUrl) return warning('mail', 'no mail is sent', smtp.ok ? '' : smtp.reason);
  if (!smtp.ok) return failed('mail', 'SMTP_URL is wrong', smtp.reason);
  try {
    const greeting = await greet(new URL(smtp.shown));
    if (/^$|^220/.test(greeting)) return ok('mail', `${smtp.shown} answers`);
    return failed('mail', `${smtp.shown} does not greet as a mail server does`, REMEDY);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return failed('mail', `${smtp.shown} cannot be reached (${why})`, REMEDY);
  }
}

const REMEDY =
  'Check host and port in SMTP_URL, the mail server, and the firewall between. Port 465 wants smtps://.';

/** The first bytes that the server says; nothing where TLS comes first. */
async function greet({ protocol, hostname, port }: URL): Promise<string> {
  const socket = connect({ host: hostname.replace(/^\[|\]$/g, ''), port: Number(port) });
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  try {
    await once(socket, 'connect', { signal });
    if (protocol === 'smtps:') return '';
    const [bytes] = await once(socket, 'data', { signal });
    socket.end('QUIT\r\n');
    return String(bytes);
  } catch (error) {
    throw signal.aborted
      ? new Error(`no answer within ${TIMEOUT_MS / 1000} s`, { cause: error })
      : error;
  } finally {
    socket.on('error', () => undefined).destroySoon();
  }
}

/** HOST and PORT: free, or taken by a NetDelta that answers. Listens for a moment. */
export async function checkPort({ host, port }: Pick<Config, 'host' | 'port'>): Promise<Check> {
  const what = 'port';
  const code = await tryListen(host, port);
  const url = describeUrl({ publicUrl: null, host, port });
  if (code === null) return ok(what, `${port} of ${host} is free`);
  if (code !== 'EADDRINUSE')
    return failed(
      what,
      `${port} of ${host} cannot be listened on (${code})`,
      'Set HOST to an address of this machine, and PORT to one of 1024 or more.',
    );
  if (await isNetDelta(url)) return ok(what, `NetDelta runs: ${url.href}`);
  return failed(
    what,
    `another program listens on port ${port} of ${host}`,
    `End it, or choose another port: PORT=${port + 1}`,
  );
}

async function tryListen(host: string, port: number): Promise<string | null> {
  const server = createServer();
  try {
    server.listen({ host, port, exclusive: true });
    await once(server, 'listening');
    return null;
  } catch (error) {
    return error instanceof Error && 'code' in error ? String(error.code) : String(error);
  } finally {
    server.close();
  }
}

async function isNetDelta(url: URL): Promise<boolean> {
  try {
    const answer = await fetch(new URL('/healthz', url), {
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const health: unknown = await answer.json();
    return JSON.stringify(health) === '{"status":"alive"}';
  } catch {
    return false;
  }
}
