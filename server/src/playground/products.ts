/** One make of server: how it greets, and the versions that it moves between. */
interface Product {
  readonly title: string;
  readonly versions: readonly [string, ...string[]];
  /** What it says by itself on connect, or, for HTTP, in answer to anything. */
  readonly greet: (version: string) => string;
  /** Speaks only when spoken to. */
  readonly waits?: true;
}

/** Texts as the real servers send them, so that nmap and the built-in engine know them. */
export const PRODUCTS = {
  openssh: {
    title: 'OpenSSH',
    versions: ['8.4p1 Debian-5+deb11u3', '9.2p1 Debian-2+deb12u2', '9.9p1 Debian-3'],
    greet: (version) => `SSH-2.0-OpenSSH_${version}\r\n`,
  },
  dropbear: {
    title: 'Dropbear',
    versions: ['2020.81', '2022.83'],
    greet: (version) => `SSH-2.0-dropbear_${version}\r\n`,
  },
  nginx: {
    title: 'nginx',
    versions: ['1.22.1', '1.24.0', '1.26.0'],
    greet: (version) => httpAnswer(`nginx/${version}`),
    waits: true,
  },
  apache: {
    title: 'Apache httpd',
    versions: ['2.4.57', '2.4.62'],
    greet: (version) => httpAnswer(`Apache/${version} (Debian)`),
    waits: true,
  },
  exim: {
    title: 'Exim',
    versions: ['4.94.2', '4.96', '4.98'],
    greet: (version) => `220 mail.example.org ESMTP Exim ${version}\r\n`,
  },
  vsftpd: {
    title: 'vsftpd',
    versions: ['3.0.3', '3.0.5'],
    greet: (version) => `220 (vsFTPd ${version})\r\n`,
  },
  proftpd: {
    title: 'ProFTPD',
    versions: ['1.3.7', '1.3.8'],
    greet: (version) => `220 ProFTPD ${version} Server (files)\r\n`,
  },
  shell: {
    title: 'a root shell (it obeys nobody)',
    versions: ['5.2'],
    greet: (version) => `sh-${version}# `,
  },
} as const satisfies Record<string, Product>;

export type ProductName = keyof typeof PRODUCTS;

/** A make of server by its name. */
export function findProduct(name: ProductName): Product {
  return PRODUCTS[name];
}

const PAGE = '<!doctype html><title>Playground</title><p>Nothing to see here.</p>\n';

function httpAnswer(server: string): string {
  return [
    'HTTP/1.1 200 OK',
    `Server: ${server}`,
    'Content-Type: text/html; charset=utf-8',
    `Content-Length: ${PAGE.length}`,
    'Connection: close',
    '',
    PAGE,
  ].join('\r\n');
}
