import type { ServiceFacts } from '@netdelta/core/snapshot/snapshot.ts';
import { describe, expect, it } from 'vitest';
import { parseBanner } from './parse-banner.ts';

const http = (server: string) => `HTTP/1.1 200 OK\r\nDate: x\r\nServer: ${server}\r\n\r\n`;

describe('what a service says', () => {
  it.each<[string, Partial<ServiceFacts>]>([
    [
      'SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u3\r\n',
      {
        name: 'ssh',
        product: 'OpenSSH',
        version: '9.2p1 Debian 2+deb12u3',
        extraInfo: 'protocol 2.0',
        osType: 'Linux',
      },
    ],
    [
      'SSH-2.0-OpenSSH_9.6\r\n',
      { name: 'ssh', product: 'OpenSSH', version: '9.6', extraInfo: 'protocol 2.0' },
    ],
    [
      'SSH-2.0-dropbear_2022.83\r\n',
      { name: 'ssh', product: 'Dropbear sshd', version: '2022.83', extraInfo: 'protocol 2.0' },
    ],
    ['SSH-1.99-Cisco-1.25\n', { name: 'ssh', extraInfo: 'protocol 1.99' }],
    [http('nginx/1.24.0'), { name: 'http', product: 'nginx', version: '1.24.0' }],
    [
      http('Apache/2.4.57 (Debian)'),
      { name: 'http', product: 'Apache httpd', version: '2.4.57', extraInfo: '(Debian)' },
    ],
    [http('nginx'), { name: 'http', product: 'nginx' }],
    ['HTTP/1.0 404 Not Found\r\n\r\n', { name: 'http' }],
    [
      '220 mail.example ESMTP Postfix\r\n',
      { name: 'smtp', product: 'Postfix smtpd', hostName: 'mail.example' },
    ],
    [
      '220 mx.example ESMTP Exim 4.96 Tue\r\n',
      { name: 'smtp', product: 'Exim smtpd', version: '4.96', hostName: 'mx.example' },
    ],
    ['220 mx.example ESMTP ready\r\n', { name: 'smtp', hostName: 'mx.example' }],
    ['220 (vsFTPd 3.0.3)\r\n', { name: 'ftp', product: 'vsftpd', version: '3.0.3' }],
    ['220 ProFTPD Server ready\r\n', { name: 'ftp', product: 'ProFTPD' }],
    ['220 FTP server ready\r\n', { name: 'ftp' }],
    ['+OK Dovecot ready.\r\n', { name: 'pop3', product: 'Dovecot pop3d' }],
    ['* OK [CAPABILITY IMAP4rev1] ready\r\n', { name: 'imap' }],
    ['RFB 003.008\n', { name: 'vnc', extraInfo: 'protocol 003.008' }],
    [
      "-ERR wrong number of arguments for 'head' command\r\n",
      { name: 'redis', product: 'Redis key-value store' },
    ],
    ['J\0\0\0\n8.0.36\0abcdefgh', { name: 'mysql', product: 'MySQL', version: '8.0.36' }],
    [
      "F\0\0\0\xffj\x04Host 'x' is not allowed",
      { name: 'mysql', product: 'MySQL', extraInfo: 'unauthorized' },
    ],
    ['\x15\x03\x01\0\x02\x02\x46', { name: 'ssl' }],
    ['\xff\xfd\x18', { name: 'telnet' }],
    ['hello\r\n\x01\xe9', { fingerprint: 'hello\\r\\n\\x01\\xe9' }],
  ])('%j', (said, facts) => {
    expect(parseBanner(Buffer.from(said, 'latin1'))).toEqual({ method: 'probed', ...facts });
  });

  it('is nothing when nothing was said, and never more than 200 characters', () => {
    expect(parseBanner(Buffer.alloc(0))).toBeUndefined();
    expect(parseBanner(Buffer.alloc(9000, 7))?.fingerprint).toHaveLength(200);
  });
});
