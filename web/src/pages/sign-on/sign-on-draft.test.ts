import { signOnRequest } from '@netdelta/core/api/sign-on.ts';
import { expect, test } from 'vitest';
import { draftOf, requestOf } from './sign-on-draft.ts';

const provider = {
  ...{ enabled: true, label: 'Keycloak', issuer: 'https://login.example.org', clientId: 'nd' },
  ...{ hasSecret: true, scopes: 'openid', groupsClaim: 'groups', otherwise: null },
  roles: [{ group: 'ops', role: 'operator' as const }],
  ...{ admitsNew: true, linksByEmail: false, passwordAllowed: true, sessionHours: 12 },
  secondFactor: 'asserted' as const,
};

test('what is stored comes back as it was, and its secret is not touched', () => {
  const { hasSecret: _, ...rule } = provider;
  expect(requestOf(draftOf(provider))).toEqual(rule);
  expect(signOnRequest.safeParse(requestOf(draftOf(provider))).success).toBe(true);
});

test('a secret is sent when it is typed', () => {
  const draft = draftOf(provider);
  expect(requestOf({ ...draft, clientSecret: 'x', otherwise: 'viewer' })).toMatchObject({
    ...{ clientSecret: 'x', otherwise: 'viewer', roles: provider.roles },
  });
});
