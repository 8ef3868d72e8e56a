import type { AuditAction } from '../audit/actions.ts';

/** What is told by mail to the person whose account it concerns, whoever did it. */
export const ACCOUNT_NOTICES = {
  'password.changed': 'Your password was changed',
  'password.reset': 'Your password was replaced',
  'secondFactor.enabled': 'A second factor was set up',
  'secondFactor.ended': 'Your second factor was ended',
  'secondFactor.locked': 'Ten wrong codes were given for your account',
  'recoveryCodes.renewed': 'New recovery codes were made',
  'recoveryCode.used': 'A recovery code was used',
  'passkey.added': 'A passkey was added',
  'passkey.removed': 'A passkey was removed',
} as const satisfies Partial<Record<AuditAction, string>>;

export type AccountNotice = keyof typeof ACCOUNT_NOTICES;

export function isAccountNotice(action: AuditAction): action is AccountNotice {
  return Object.hasOwn(ACCOUNT_NOTICES, action);
}
