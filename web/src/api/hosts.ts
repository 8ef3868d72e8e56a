import { type HostQuery, type HostRules, hostDetail, hostView } from '@netdelta/core/api/hosts.ts';
import { pageOf } from '@netdelta/core/api/page.ts';
import {
  infiniteQueryOptions,
  queryOptions,
  useMutation,
  useQueryClient,
} from '@tanstack/react-query';
import { callApi, queryString } from './client.ts';

const hostPage = pageOf(hostView);

/** Which hosts a list shows. */
export type HostFilter = Partial<Pick<HostQuery, 'groupId' | 'status' | 'text' | 'port'>>;

export const hostsQuery = (filter: HostFilter) =>
  infiniteQueryOptions({
    queryKey: ['hosts', 'list', filter],
    queryFn: ({ signal, pageParam }) =>
      callApi(`hosts${queryString({ ...filter, after: pageParam, limit: 100 })}`, hostPage, {
        signal,
      }),
    initialPageParam: '',
    getNextPageParam: (page) => page.next,
  });

export const hostQuery = (groupId: string, address: string) =>
  queryOptions({
    queryKey: ['hosts', groupId, address],
    queryFn: ({ signal }) =>
      callApi(`hosts/${groupId}/${encodeURIComponent(address)}`, hostDetail, { signal }),
  });

/** Gives a host rules of its own; null: its group's. */
export function useSaveHostRules(groupId: string, address: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: HostRules) =>
      callApi(`hosts/${groupId}/${encodeURIComponent(address)}/rules`, hostDetail, {
        method: 'PUT',
        body,
      }),
    onSuccess: (detail) => client.setQueryData(hostQuery(groupId, address).queryKey, detail),
  });
}
