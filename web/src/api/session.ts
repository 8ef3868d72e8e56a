import {
  type LoginRequest,
  type SessionView,
  type SetupRequest,
  sessionView,
  siteAddress,
} from '@netdelta/core/api/accounts.ts';
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { ApiFailure, callApi, callApiForNothing } from './client.ts';

/** Who is logged in; null for nobody. */
export const sessionQuery = queryOptions({
  queryKey: ['session'],
  queryFn: async ({ signal }): Promise<SessionView | null> => {
    try {
      return await callApi('session', sessionView, { signal });
    } catch (error) {
      if (error instanceof ApiFailure && error.status === 401) return null;
      throw error;
    }
  },
  staleTime: 300_000,
});

export function useLogin() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: LoginRequest) => callApi('session', sessionView, { method: 'POST', body }),
    onSuccess: (session) => client.setQueryData(sessionQuery.queryKey, session),
  });
}

export function useLogout() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => callApiForNothing('session', { method: 'DELETE' }),
    onSuccess: () => {
      client.setQueryData(sessionQuery.queryKey, null);
      client.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'session' });
    },
  });
}

/** Makes the first site and its owner; answers with the site's slug. */
export function useSetup() {
  return useMutation({
    mutationFn: (body: SetupRequest) => callApi('setup', siteAddress, { method: 'POST', body }),
  });
}
