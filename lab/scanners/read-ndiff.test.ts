import { expect, test } from 'vitest';
import { readNdiff } from './read-ndiff.ts';

const HEAD = `-Nmap 7.93 scan initiated Wed Nov 25 04:17:54 2026 as: nmap -n -sS -T4 -F
+Nmap 7.93 scan initiated Wed Nov 25 04:17:58 2026 as: nmap -n -sS -T4 -F
`;

const tcp = (kind: 'appeared' | 'gone' | 'changed', port: number) => ({
  kind,
  address: '10.77.1.1',
  protocol: 'tcp',
  port,
});

test.each([
  ['no difference', '', [], 0],
  [
    'an open port that is closed among the others now',
    ` 10.77.1.1:
-Not shown: 95 closed ports
+Not shown: 96 closed ports
 PORT   STATE SERVICE VERSION
-21/tcp open  ftp
`,
    [tcp('gone', 21)],
    0,
  ],
  [
    'an open port that is filtered now',
    ` host.example (10.77.1.1):
 PORT    STATE    SERVICE VERSION
-443/tcp open     https
+443/tcp filtered https
`,
    [tcp('gone', 443)],
    0,
  ],
  [
    'a port that opened, and flips between closed and filtered',
    ` 10.77.1.1:
 PORT    STATE    SERVICE VERSION
+21/tcp  open     ftp
+514/tcp filtered shell
-515/tcp closed   printer
+515/tcp filtered printer
`,
    [tcp('appeared', 21)],
    2,
  ],
  [
    'another version',
    ` 10.77.1.1:
 PORT   STATE SERVICE VERSION
-22/tcp open  ssh     OpenSSH 8.4p1
+22/tcp open  ssh     OpenSSH 9.2p1
`,
    [tcp('changed', 22)],
    0,
  ],
  [
    'hosts in one file alone, with all their ports',
    `-10.77.1.3:
-Host is up.
-Not shown: 96 closed ports
-PORT    STATE SERVICE    VERSION
-22/tcp  open  ssh

+10.79.0.11, 02:4E:44:00:00:01:
+Host is up.
+PORT    STATE SERVICE VERSION
+80/tcp  open  http
`,
    [
      { kind: 'gone', address: '10.77.1.3' },
      { kind: 'appeared', address: '10.79.0.11' },
    ],
    0,
  ],
  [
    'a host in both files that is down now',
    ` 10.77.1.3:
-Host is up.
+Host is down.
`,
    [{ kind: 'gone', address: '10.77.1.3' }],
    0,
  ],
  [
    'an address that has another MAC',
    `-10.77.1.1, 02:4E:44:00:00:01:
+10.77.1.1, 02:4E:44:00:00:02:
 Host is up.
 PORT   STATE SERVICE VERSION
-22/tcp open  ssh
`,
    [tcp('gone', 22)],
    0,
  ],
])('%s', (_name, text, reported, flips) => {
  expect(readNdiff(`${HEAD}\n${text}`)).toEqual({ reported, flips });
});
