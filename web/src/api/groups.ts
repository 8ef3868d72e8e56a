import {
  type GroupRequest,
  groupView,
  type TargetsRequest,
  targetsView,
} from '@netdelta/core/api/groups.ts';
import { pageOf } from '@netdelta/core/api/page.ts';
import {
  infiniteQueryOptions,
  keepPreviousData,
  queryOptions,
  useMutation,
  useQueryClient,
} from '@tanstack/react-query';
import { callApi, callApiForNothing, queryString } from './client.ts';

const groupPage = pageOf(groupView);
/** While a group is being deleted. */
const LOOK_AGAIN_MS = 3_000;

export const groupsQuery = infiniteQueryOptions({
  queryKey: ['groups', 'list'],
  queryFn: ({ signal, pageParam }) =>
    callApi(`groups${queryString({ after: pageParam, limit: 100 })}`, groupPage, { signal }),
  initialPageParam: '',
  getNextPageParam: (page) => page.next,
});

/** The groups to choose from in a filter: the first 500. */
export const groupChoicesQuery = queryOptions({
  queryKey: ['groups', 'choices'],
  queryFn: ({ signal }) => callApi('groups?limit=500', groupPage, { signal }),
});

export const groupQuery = (id: string) =>
  queryOptions({
    queryKey: ['groups', id],
    queryFn: ({ signal }) => callApi(`groups/${id}`, groupView, { signal }),
    refetchInterval: ({ state }) => (state.data?.deletingSince ? LOOK_AGAIN_MS : false),
  });

/** What typed targets make. Keeps the last answer on the page while the next one is on its way. */
export const targetsQuery = (body: TargetsRequest) =>
  queryOptions({
    queryKey: ['targets', body],
    queryFn: ({ signal }) =>
      callApi('groups/check-targets', targetsView, { method: 'POST', body, signal }),
    enabled: body.targets.trim() !== '' || body.exclusions.trim() !== '',
    placeholderData: keepPreviousData,
    gcTime: 0,
  });

/** Makes a group, or changes the one with `id`. */
export function useSaveGroup(id: string | undefined) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: GroupRequest) =>
      id
        ? callApi(`groups/${id}`, groupView, { method: 'PUT', body })
        : callApi('groups', groupView, { method: 'POST', body }),
    onSuccess: () => client.invalidateQueries(),
  });
}

export function useDeleteGroup(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => callApiForNothing(`groups/${id}`, { method: 'DELETE' }),
    onSuccess: () => {
      client.removeQueries({ queryKey: ['groups', id] });
      return client.invalidateQueries();
    },
  });
}
