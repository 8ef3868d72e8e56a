import {
  type FrontDoorView,
  frontDoorView,
  type LoginRequest,
  type SessionView,
  type SetupRequest,
  sessionView,
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

/** At the root of the server, where no site is: the sites, or that there is none yet. */
export const frontDoorQuery = queryOptions({
  queryKey: ['sites'],
  queryFn: ({ signal }): Promise<FrontDoorView> => callApi('sites', frontDoorView, { signal }),
});

/** Makes the first site and its owner; answers with the site's slug. */
export function useSetup() {
  return useMutation({
    mutationFn: (body: SetupRequest) =>
      callApi('setup', frontDoorView.shape.sites.element.pick({ slug: true }), {
        method: 'POST',
        body,
      }),
  });
}
