/** Where mail is handed over. `shown` is for people: it never holds the password. */
export type SmtpUrl =
  | {
      readonly ok: true;
      readonly url: string;
      readonly shown: string;
      readonly password: string;
      readonly user: string;
    }
  | { readonly ok: false; readonly reason: string };

const EXAMPLE = 'smtp://user:password@mail.example.org:587';

/**
 * Reads SMTP_URL: `smtp://` (STARTTLS when the server offers it, port 587) or `smtps://` (TLS from
 * the start, port 465). Query parameters are nodemailer's, as `?tls.rejectUnauthorized=false`.
 */
export function parseSmtpUrl(text: string | undefined): SmtpUrl {
  if (!text?.trim())
    return refuse(`SMTP_URL is not set: no mail can be sent. Set it, as ${EXAMPLE}.`);
  const url = URL.parse(text.trim());
  if (!url)
    return refuse(
      `SMTP_URL is not a URL. Write it as ${EXAMPLE}; in the password, write : / @ # ? as %3A %2F %40 %23 %3F.`,
    );
  if (!['smtp:', 'smtps:'].includes(url.protocol))
    return refuse(
      `SMTP_URL begins with ${url.protocol}//. It has to begin with smtp:// or smtps://.`,
    );
  if (!url.hostname) return refuse(`SMTP_URL names no server. Write it as ${EXAMPLE}.`);
  const [user, password] = [decode(url.username), decode(url.password)];
  if (user === undefined || password === undefined)
    return refuse('SMTP_URL has a % in its user or password that is no escape. Write it as %25.');
  return { ok: true, url: url.href, shown: showUrl(url), user, password };
}

function refuse(reason: string): SmtpUrl {
  return { ok: false, reason };
}

function showUrl({ protocol, hostname, port }: URL): string {
  return `${protocol}//${hostname}:${port || (protocol === 'smtps:' ? '465' : '587')}`;
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
