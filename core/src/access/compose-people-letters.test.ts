import { expect, test } from 'vitest';
import {
  composeInvitation,
  composeLoginLocked,
  composePasswordReset,
} from './compose-people-letters.ts';

const invitation = {
  siteName: 'Example <b>University</b>\r\nBcc: eve@example.org',
  invitedBy: 'Ada "the first" Lovelace',
  role: 'operator',
  url: 'https://nd.example/main/invitation?token=abc',
  expiresAt: '2026-03-01T12:00:00.000Z',
  timeZone: 'Europe/Berlin',
} as const;

test('an invitation says who invites, to what, until when, and keeps strange names in their place', () => {
  const { subject, text, html } = composeInvitation(invitation);
  expect(subject).toBe(
    'You are invited to Example <b>University</b> Bcc: eve@example.org on NetDelta',
  );
  expect(text).toContain('Accept the invitation: https://nd.example/main/invitation?token=abc\n');
  expect(text).toMatch(/Invited by: +Ada "the first" Lovelace\n/);
  expect(text).toMatch(/Your role: +operator: sees, scans and judges deltas\n/);
  expect(text).toMatch(/valid until: +.*13:00/);
  expect(html).toContain('Example &lt;b&gt;University&lt;/b&gt;');
  expect(composeInvitation({ ...invitation, invitedBy: null }).text).toContain(
    'somebody who has left',
  );
});

test('the mail for a forgotten password has the link and says that doing nothing is safe', () => {
  const { text, html } = composePasswordReset({ url: 'https://nd.example/r?token=x', minutes: 60 });
  expect(text).toContain('Choose a new password: https://nd.example/r?token=x\n');
  expect(text).toContain('60 minutes');
  expect(text).toContain('your password stays as it is');
  expect(html).toContain('href="https://nd.example/r?token=x"');
});

test('the mail about a lockout says from where, as text', () => {
  const facts = { at: '2026-03-01T12:00:00.000Z', url: 'https://nd.example/' };
  const userAgent = 'curl\r\nBcc: <b>eve</b>\u001b[2J';
  const { text, html } = composeLoginLocked({ ...facts, address: '192.0.2.1', userAgent });
  expect(text).toMatch(/The last attempt came from: +192\.0\.2\.1\n/);
  expect(text).toMatch(/It called itself: +curl Bcc: <b>eve<\/b> \[2J\n/);
  expect(html).toContain('curl Bcc: &lt;b&gt;eve&lt;/b&gt;');
});
