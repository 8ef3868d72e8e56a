import { expect, test } from 'vitest';
import { findRelyingParty } from './relying-party.ts';

const asked = (host: string, protocol: 'http' | 'https' = 'http') => ({
  ...{ host, protocol, hostname: host.replace(/:\d+$/, '') },
});

test.each([
  [null, asked('localhost:9004'), 'localhost', 'http://localhost:9004'],
  [null, asked('localhost'), 'localhost', 'http://localhost'],
  ['https://nd.example/net/', asked('evil.example'), 'nd.example', 'https://nd.example'],
  ['https://nd.example:8443/', asked('10.0.0.1:9004'), 'nd.example', 'https://nd.example:8443'],
  ['http://localhost:9004/', asked('127.0.0.1:9004'), 'localhost', 'http://localhost:9004'],
])('with the public URL %s, asked %j', (url, request, hostName, origin) => {
  expect(findRelyingParty(url === null ? null : new URL(url), request)).toEqual({
    hostName,
    origin,
  });
});

test.each([
  [null, asked('127.0.0.1:9004'), '127.0.0.1 is an address. Open http://localhost:9004/ instead'],
  [null, asked('[::1]:9004'), '[::1] is an address. Open http://localhost:9004/ instead'],
  [null, asked('192.0.2.7'), '192.0.2.7 is an address. Let whoever'],
  [null, asked('scanner.lan:9004'), 'it is reached as scanner.lan. Let whoever'],
  [null, asked('nd.example', 'https'), 'set NETDELTA_PUBLIC_URL'],
  [null, asked('localhost.evil.example'), 'reached as localhost.evil.example'],
  ['http://nd.example/', asked('localhost'), 'Passkeys need https'],
  ['https://192.0.2.7/', asked('localhost'), 'has the address 192.0.2.7'],
  ['https://[2001:db8::1]/', asked('localhost'), 'has the address [2001:db8::1]'],
])('with the public URL %s, asked %j, is none, and says what helps', (url, request, words) => {
  expect(findRelyingParty(url === null ? null : new URL(url), request)).toEqual({
    obstacle: expect.stringContaining(words),
  });
});
