import { describeMoment } from '../delta/describe-moment.ts';
import { type Letter, printable } from '../policy/letter.ts';
import { ROLE_TABLE, type Role } from './roles.ts';
import { writePeopleLetter } from './write-people-letter.ts';

export interface InvitationFacts {
  readonly siteName: string;
  /** Null: somebody who is gone. */
  readonly invitedBy: string | null;
  readonly role: Role;
  /** With the token. */
  readonly url: string;
  /** ISO 8601. */
  readonly expiresAt: string;
  /** IANA. */
  readonly timeZone: string;
}

/** Composes the mail by which somebody is invited into a site. */
export function composeInvitation(facts: InvitationFacts): Letter {
  const site = printable(facts.siteName);
  return writePeopleLetter({
    subject: `You are invited to ${site} on NetDelta`,
    headline: `You are invited to ${site}`,
    facts: [
      ['Invited by', facts.invitedBy ?? 'somebody who has left since'],
      ['Your role', `${facts.role}: ${ROLE_TABLE[facts.role].meaning}`],
      ['The link is valid until', describeMoment(facts.expiresAt, facts.timeZone)],
    ],
    link: { label: 'Accept the invitation', url: facts.url },
    footer: [
      'NetDelta tells what is reachable on networks and what changed there. The link works once.',
      'You did not expect this? Then do nothing: without the link nothing happens.',
    ],
  });
}

export interface ResetFacts {
  readonly url: string;
  /** How long the link is valid. */
  readonly minutes: number;
}

/** Composes the mail with the link by which a forgotten password is replaced. */
export function composePasswordReset({ url, minutes }: ResetFacts): Letter {
  return writePeopleLetter({
    subject: 'Choose a new password for NetDelta',
    headline: 'Choose a new password',
    facts: [['The link is valid for', `${minutes} minutes, and works once`]],
    link: { label: 'Choose a new password', url },
    footer: [
      'Somebody, hopefully you, has asked for this at the login of NetDelta.',
      'It was not you? Then do nothing: your password stays as it is.',
    ],
  });
}

export interface LoginLockedFacts {
  /** ISO 8601. */
  readonly at: string;
  readonly address: string;
  readonly userAgent: string | null;
  /** Of the front door. */
  readonly url: string;
}

/** Composes the mail that tells somebody of too many wrong attempts to log in to their account. */
export function composeLoginLocked({ at, address, userAgent, url }: LoginLockedFacts): Letter {
  return writePeopleLetter({
    subject: 'Too many wrong logins to your NetDelta account',
    headline: 'Somebody tries to log in to your account',
    facts: [
      ['When', describeMoment(at, 'UTC')],
      ['The last attempt came from', address],
      ['It called itself', userAgent ?? 'nothing'],
    ],
    link: { label: 'NetDelta', url },
    footer: [
      'After too many wrong passwords or codes, further ones from there have to wait: a minute first, then longer and longer. In browsers in which you have logged in before, you still can.',
      'It was you? Then wait a little, or choose a new password by "Forgot password?" at the login.',
      'It was not you? Nobody got in. A long password of your own, and a second factor, keep it so. You are told this at most once a day.',
    ],
  });
}
