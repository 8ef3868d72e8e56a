import { describeMoment } from '../delta/describe-moment.ts';
import type { Letter } from '../policy/letter.ts';
import { ACCOUNT_NOTICES, type AccountNotice } from './account-notices.ts';
import { describeDevice } from './describe-device.ts';
import { writePeopleLetter } from './write-people-letter.ts';

export interface AccountNoticeFacts {
  readonly action: AccountNotice;
  /** Which of several, such as the name of a passkey. */
  readonly detail: string | null;
  /** ISO 8601. */
  readonly at: string;
  /** IANA. */
  readonly timeZone: string;
  /** The client's address; null for a command on the server. */
  readonly address: string | null;
  readonly userAgent: string | null;
  /** Where the person finds their account. */
  readonly url: string;
}

/** Composes the mail that tells somebody that what opens their account was changed, or attacked. */
export function composeAccountNotice(facts: AccountNoticeFacts): Letter {
  const { action, detail, at, timeZone, address, userAgent, url } = facts;
  const happened = ACCOUNT_NOTICES[action];
  return writePeopleLetter({
    subject: `${happened} on NetDelta`,
    headline: happened,
    facts: [
      ...(detail === null ? [] : [['Which', detail] as const]),
      ['When', describeMoment(at, timeZone)],
      ['From', address ?? 'the command line of the server'],
      ...(userAgent ? [['With', describeDevice(userAgent)] as const] : []),
    ],
    link: { label: 'Your account', url },
    footer: action === 'secondFactor.locked' ? LOCKED : CHANGED,
  });
}

const CHANGED = [
  'It was you? Then there is nothing to do.',
  'It was not you? Change your password at once, end all other sessions in your account, remove the passkeys that are not yours, and tell whoever runs this server.',
];
const LOCKED = [
  'Somebody who knows your password has no second factor of yours. All codes are refused for 15 minutes.',
  'It was not you? Change your password at once, and tell whoever runs this server.',
];
