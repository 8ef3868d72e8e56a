import { overview, systemView } from '@netdelta/core/api/hosts.ts';
import { queryOptions } from '@tanstack/react-query';
import { callApi } from './client.ts';

/** Asked again by time, not by streams: a browser allows one server only six of those at once. */
export const overviewQuery = queryOptions({
  queryKey: ['overview'],
  queryFn: ({ signal }) => callApi('overview', overview, { signal }),
  refetchInterval: ({ state }) => (state.data?.running.length ? 2_000 : 15_000),
});

export const systemQuery = queryOptions({
  queryKey: ['system'],
  queryFn: ({ signal }) => callApi('system', systemView, { signal }),
  staleTime: 60_000,
});
