import { type ScopeRequest, scopeEntryView, scopeView } from '@netdelta/core/api/scope.ts';
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { callApi, callApiForNothing } from './client.ts';

/** What the site is authorised to scan, and which groups would be refused. */
export const scopeQuery = queryOptions({
  queryKey: ['scope'],
  queryFn: ({ signal }) => callApi('scope', scopeView, { signal }),
});

/** Adds an authorisation, or changes the one with `id`. */
export function useSaveScopeEntry(id: string | undefined) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: ScopeRequest) =>
      id
        ? callApi(`scope/${id}`, scopeEntryView, { method: 'PUT', body })
        : callApi('scope', scopeEntryView, { method: 'POST', body }),
    onSuccess: () => client.invalidateQueries(),
  });
}

export function useRemoveScopeEntry(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => callApiForNothing(`scope/${id}`, { method: 'DELETE' }),
    onSuccess: () => client.invalidateQueries(),
  });
}
