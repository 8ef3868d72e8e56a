import { type ReplayRequest, replayView } from '@netdelta/core/api/replay.ts';
import { queryOptions } from '@tanstack/react-query';
import { callApi } from './client.ts';

/** What another policy would have told. It costs the server some seconds, so it is asked once; leaving the page ends it. */
export const replayQuery = (groupId: string, body: ReplayRequest) =>
  queryOptions({
    queryKey: ['replay', groupId, body],
    queryFn: ({ signal }) =>
      callApi(`groups/${groupId}/replay`, replayView, { method: 'POST', body, signal }),
    retry: false,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  });
