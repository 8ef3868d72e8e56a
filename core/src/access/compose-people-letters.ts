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
