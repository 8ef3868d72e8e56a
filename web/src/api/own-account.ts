import { nameChange, ownSessionList, type PasswordChange } from '@netdelta/core/api/people.ts';
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { callApi, callApiForNothing } from './client.ts';
import { sessionQuery } from './session.ts';

export const ownSessionsQuery = queryOptions({
  queryKey: ['own-sessions'],
  queryFn: ({ signal }) => callApi('account/sessions', ownSessionList, { signal }),
});

export function useChangeName() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (name: string) => callApi('account', nameChange, { method: 'PUT', body: { name } }),
    onSuccess: () => client.invalidateQueries({ queryKey: sessionQuery.queryKey }),
  });
}

export function useChangePassword() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: PasswordChange) =>
      callApiForNothing('account/password', { method: 'PUT', body }),
    onSuccess: () => client.invalidateQueries({ queryKey: ownSessionsQuery.queryKey }),
  });
}

/** Ends one session, or with `others` all but this one. */
export function useEndSession(id: string | 'others') {
  const client = useQueryClient();
  const path = id === 'others' ? '' : `/${encodeURIComponent(id)}`;
  return useMutation({
    mutationFn: () => callApiForNothing(`account/sessions${path}`, { method: 'DELETE' }),
    onSuccess: () => client.invalidateQueries({ queryKey: ownSessionsQuery.queryKey }),
  });
}

/** Asks for the link that replaces a forgotten password. */
export function useAskReset() {
  return useMutation({
    mutationFn: (email: string) =>
      callApiForNothing('password-resets', { method: 'POST', body: { email } }),
  });
}

export function useResetPassword() {
  return useMutation({
    mutationFn: (body: { token: string; password: string }) =>
      callApiForNothing('password-resets/use', { method: 'POST', body }),
  });
}
