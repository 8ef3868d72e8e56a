import { sessionView } from '@netdelta/core/api/accounts.ts';
import { passkeyChallenge, passkeyList, passkeyView } from '@netdelta/core/api/passkeys.ts';
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { makePasskey, signByPasskey } from './browser-passkey.ts';
import { callApi, callApiForNothing } from './client.ts';
import { frontDoorQuery } from './front-door.ts';
import { ownSessionsQuery } from './own-account.ts';
import { sessionQuery } from './session.ts';

const PATH = 'account/passkeys';

export const passkeysQuery = queryOptions({
  queryKey: ['passkeys'],
  queryFn: ({ signal }) => callApi(PATH, passkeyList, { signal }),
});

/** Lets the browser make a passkey and keeps it under this name. */
export function useAddPasskey() {
  return useMutation({
    mutationFn: async ({ name, password }: { name: string; password: string }) => {
      const asked = { method: 'POST', body: { password } } as const;
      const { options } = await callApi(`${PATH}/challenge`, passkeyChallenge, asked);
      const body = { name, credential: await makePasskey(options) };
      return callApi(PATH, passkeyView, { method: 'POST', body });
    },
    onSuccess: useChanged(),
  });
}

export function useRemovePasskey(id: string) {
  return useMutation({
    mutationFn: (password: string) =>
      callApiForNothing(`${PATH}/${id}`, { method: 'DELETE', body: { password } }),
    onSuccess: useChanged(),
  });
}

function useChanged() {
  const client = useQueryClient();
  return async () => {
    for (const { queryKey } of [passkeysQuery, sessionQuery, ownSessionsQuery])
      await client.invalidateQueries({ queryKey });
  };
}

/** Logs in to a site by a passkey that the browser has. */
export function usePasskeyLogin() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async () =>
      callApi('session/passkey', sessionView, { method: 'POST', body: await signChallenge() }),
    onSuccess: (session) => client.setQueryData(sessionQuery.queryKey, session),
  });
}

/** The same at the front door. */
export function useDoorPasskeyLogin() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async () =>
      callApiForNothing('session/passkey', { method: 'POST', body: await signChallenge() }),
    onSuccess: () => client.invalidateQueries({ queryKey: frontDoorQuery.queryKey }),
  });
}

async function signChallenge() {
  const asked = { method: 'POST', body: {} } as const;
  const { options } = await callApi('session/passkey/challenge', passkeyChallenge, asked);
  return signByPasskey(options);
}
