import { pageOf } from '@netdelta/core/api/page.ts';
import { type KeyRequest, keyMade, keyView } from '@netdelta/core/api/people.ts';
import { infiniteQueryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { callApi, callApiForNothing, queryString } from './client.ts';

export const keysQuery = infiniteQueryOptions({
  queryKey: ['api-keys'],
  queryFn: ({ signal, pageParam }) =>
    callApi(`api-keys${queryString({ after: pageParam })}`, pageOf(keyView), { signal }),
  initialPageParam: '',
  getNextPageParam: (page) => page.next,
});

export function useMakeKey() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: KeyRequest) => callApi('api-keys', keyMade, { method: 'POST', body }),
    onSuccess: () => client.invalidateQueries({ queryKey: keysQuery.queryKey }),
  });
}

export function useRevokeKey(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => callApiForNothing(`api-keys/${id}`, { method: 'DELETE' }),
    onSuccess: () => client.invalidateQueries({ queryKey: keysQuery.queryKey }),
  });
}
