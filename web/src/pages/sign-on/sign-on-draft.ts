import type { GroupRole } from '@netdelta/core/access/sign-on.ts';
import type { SignOnRequest, SignOnView } from '@netdelta/core/api/sign-on.ts';

type Rule = NonNullable<SignOnView['provider']>;

/** As typed: number fields that were emptied hold a text, and rows know themselves while they move. */
export interface SignOnDraft
  extends Omit<Rule, 'hasSecret' | 'roles' | 'otherwise' | 'sessionHours'> {
  readonly roles: readonly (GroupRole & { readonly key: string })[];
  readonly otherwise: NonNullable<Rule['otherwise']> | '';
  readonly sessionHours: number | string;
  /** Empty: as it is, or none. */
  readonly clientSecret: string;
}

/** What a form begins with. */
export function draftOf(provider: Rule | null): SignOnDraft {
  if (!provider) return NEW;
  const { hasSecret: _, roles, otherwise, ...rule } = provider;
  return {
    ...rule,
    roles: roles.map((row) => ({ ...row, key: row.group })),
    otherwise: otherwise ?? '',
    clientSecret: '',
  };
}

const NEW: SignOnDraft = {
  enabled: true,
  label: '',
  issuer: '',
  clientId: '',
  clientSecret: '',
  scopes: 'openid profile email',
  groupsClaim: 'groups',
  roles: [],
  otherwise: '',
  admitsNew: true,
  linksByEmail: false,
  passwordAllowed: true,
  secondFactor: 'asserted',
  sessionHours: 12,
};

/** What is sent: a secret that was not typed stays as it is. */
export function requestOf({
  clientSecret,
  roles,
  otherwise,
  ...draft
}: SignOnDraft): SignOnRequest {
  return {
    ...draft,
    sessionHours: Number(draft.sessionHours),
    roles: roles.map(({ group, role }) => ({ group, role })),
    otherwise: otherwise === '' ? null : otherwise,
    ...(clientSecret !== '' && { clientSecret }),
  };
}
