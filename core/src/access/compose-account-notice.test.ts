import { expect, test } from 'vitest';
import { ACCOUNT_NOTICES, type AccountNotice } from './account-notices.ts';
import { composeAccountNotice } from './compose-account-notice.ts';

const facts = {
  action: 'passkey.added',
  detail: 'Telephone\r\nBcc: eve@example.org',
  at: '2026-03-01T12:00:00.000Z',
  timeZone: 'Europe/Berlin',
  address: '192.0.2.7',
  userAgent: 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0',
  url: 'https://nd.example/main/account',
} as const;

test('it says what was done, which, when, from where, with what, and what to do', () => {
  const { subject, text, html } = composeAccountNotice(facts);
  expect(subject).toBe('A passkey was added on NetDelta');
  expect(text).toMatch(/Which: +Telephone Bcc: eve@example.org\n/);
  expect(text).toMatch(/When: +1 Mar 2026, 13:00 CET\n/);
  expect(text).toMatch(/From: +192\.0\.2\.7\n/);
  expect(text).toMatch(/With: +Firefox on Linux\n/);
  expect(text).toContain('It was not you?');
  expect(html).toContain('href="https://nd.example/main/account"');
});

test('a command on the server has no address and no browser', () => {
  const { text } = composeAccountNotice({ ...facts, detail: null, address: null, userAgent: null });
  expect(text).toMatch(/From: +the command line of the server\n/);
  expect(text).not.toMatch(/Which:|With:/);
});

test.each(Object.keys(ACCOUNT_NOTICES) as AccountNotice[])('%s can be told', (action) => {
  expect(composeAccountNotice({ ...facts, action }).subject.length).toBeGreaterThan(20);
});
