import type { ServiceFacts } from '@netdelta/core/snapshot/snapshot.ts';

type Facts = Omit<ServiceFacts, 'method'>;
type Rule = readonly [pattern: RegExp, facts: (match: RegExpExecArray) => Facts];

const FINGERPRINT_LENGTH = 200;
/** Names of HTTP servers as nmap writes them, by what their Server header begins with. */
const HTTP_PRODUCTS: Readonly<Record<string, string>> = {
  Apache: 'Apache httpd',
  'Microsoft-IIS': 'Microsoft IIS httpd',
  Caddy: 'Caddy httpd',
};

/** The first rule that fits counts. Texts are in latin1: one character a byte. */
const RULES: readonly Rule[] = [
  [/^SSH-(\d\.\d+)-OpenSSH[_-](\S+)(?: ([^\r\n]+))?/, describeOpenSsh],
  [
    /^SSH-(\d\.\d+)-dropbear_(\S+)/,
    ([, protocol, version]) => ({
      name: 'ssh',
      product: 'Dropbear sshd',
      ...given({ version, extraInfo: `protocol ${protocol}` }),
    }),
  ],
  [/^SSH-(\d\.\d+)-/, ([, protocol]) => ({ name: 'ssh', extraInfo: `protocol ${protocol}` })],
  [/^HTTP\/\d(?:\.\d)? \d{3}[\s\S]*?\r?\nserver: *([^\r\n]+)/i, describeHttp],
  [/^HTTP\/\d(?:\.\d)? \d{3}/, () => ({ name: 'http' })],
  [/^220[ -](\S+) .*Postfix/, ([, hostName]) => mail('Postfix smtpd', { hostName })],
  [
    /^220[ -](\S+) .*Exim (\d\S*)/,
    ([, hostName, version]) => mail('Exim smtpd', { version, hostName }),
  ],
  [
    /^220[ -](\S+) .*Sendmail (\d[^/\s]*)/,
    ([, hostName, version]) => mail('Sendmail', { version, hostName }),
  ],
  [
    /^220[ -]\(?vsFTPd (\d[\w.]*)/i,
    ([, version]) => ({ name: 'ftp', product: 'vsftpd', ...given({ version }) }),
  ],
  [
    /^220[ -]ProFTPD (?:(\d\S*) )?/,
    ([, version]) => ({ name: 'ftp', product: 'ProFTPD', ...given({ version }) }),
  ],
  [/^220[ -].*Pure-FTPd/, () => ({ name: 'ftp', product: 'Pure-FTPd' })],
  [/^220[ -](\S+) .*E?SMTP/i, ([, hostName]) => ({ name: 'smtp', ...given({ hostName }) })],
  [/^220[ -].*FTP/i, () => ({ name: 'ftp' })],
  [/^\+OK .*Dovecot/, () => ({ name: 'pop3', product: 'Dovecot pop3d' })],
  [/^\+OK/, () => ({ name: 'pop3' })],
  [/^\* OK .*Dovecot/, () => ({ name: 'imap', product: 'Dovecot imapd' })],
  [/^\* (?:OK|PREAUTH)/, () => ({ name: 'imap' })],
  [/^RFB (\d{3}\.\d{3})/, ([, version]) => ({ name: 'vnc', extraInfo: `protocol ${version}` })],
  [/^-(?:ERR|DENIED|NOAUTH) /, () => ({ name: 'redis', product: 'Redis key-value store' })],
];

/**
 * Tells what listens from the first bytes that it said, in the texts that nmap uses for the common
 * ones. Unknown bytes become a fingerprint (printable, at most 200 characters); none, nothing.
 */
export function parseBanner(bytes: Uint8Array): ServiceFacts | undefined {
  if (bytes.length === 0) return undefined;
  const binary = parseBinary(bytes);
  if (binary) return { method: 'probed', ...binary };
  const text = Buffer.from(bytes).toString('latin1');
  for (const [pattern, describe] of RULES) {
    const match = pattern.exec(text);
    if (match) return { method: 'probed', ...describe(match) };
  }
  return { method: 'probed', fingerprint: printable(text) };
}

/** Protocols that do not begin with text: a TLS alert (RFC 8446), telnet options (RFC 854), MySQL's handshake. */
function parseBinary(bytes: Uint8Array): Facts | undefined {
  const [first = 0, second = 0, third = 0, fourth = 0, fifth = 0] = bytes;
  if (first === 0x15 && second === 3) return { name: 'ssl' };
  if (first === 0xff && second >= 0xfb && second < 0xff) return { name: 'telnet' };
  if (third !== 0 || fourth > 1 || bytes.length < 10) return undefined;
  const text = Buffer.from(bytes.subarray(5)).toString('latin1');
  if (fifth === 0xff && text.includes('Host '))
    return { name: 'mysql', product: 'MySQL', extraInfo: 'unauthorized' };
  const version = fifth === 10 ? /^\d[!-~]+/.exec(text)?.[0] : undefined;
  return version === undefined ? undefined : { name: 'mysql', product: 'MySQL', version };
}

function describeOpenSsh([, protocol, number, comment]: RegExpExecArray): Facts {
  // nmap: "Debian-2+deb12u3" is told as "Debian 2+deb12u3".
  const version = comment ? `${number} ${comment.trim().replace('-', ' ')}` : number;
  const linux = /Debian|Ubuntu|Raspbian/.test(comment ?? '') && { osType: 'Linux' };
  const extraInfo = `protocol ${protocol}`;
  return { name: 'ssh', product: 'OpenSSH', ...given({ version, extraInfo }), ...linux };
}

function describeHttp([, server = '']: RegExpExecArray): Facts {
  const match = /^([^/\s]+)(?:\/(\S+))?(?: \(([^)]*)\))?/.exec(server.trim());
  const [, name = server, version, remark] = match ?? [];
  const extraInfo = remark && (name === 'Apache' ? `(${remark})` : remark);
  return {
    name: 'http',
    product: HTTP_PRODUCTS[name] ?? name,
    ...given({ version, extraInfo }),
  };
}

function mail(product: string, more: Partial<Record<'version' | 'hostName', string | undefined>>) {
  return { name: 'smtp', product, ...given(more) };
}

function given(texts: Partial<Record<'version' | 'hostName' | 'extraInfo', string | undefined>>) {
  return Object.fromEntries(Object.entries(texts).filter(([, text]) => text)) as Facts;
}

function printable(text: string): string {
  const escaped = text
    .slice(0, FINGERPRINT_LENGTH)
    .replace(/\r/g, '\\r')
    .replace(/\n/g, '\\n')
    .replace(/[^ -~]/g, (byte) => `\\x${byte.charCodeAt(0).toString(16).padStart(2, '0')}`);
  return escaped.slice(0, FINGERPRINT_LENGTH);
}
