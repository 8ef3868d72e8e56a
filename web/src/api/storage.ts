import {
  type RetentionPreview,
  retentionPreview,
  type StorageView,
  storageView,
} from '@netdelta/core/api/storage.ts';
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { z } from 'zod';
import { callApi, queryString } from './client.ts';

export type StorageRule = StorageView['rule'];

const LOOK_AGAIN_MS = 3_000;

export const storageQuery = queryOptions({
  queryKey: ['storage'],
  queryFn: ({ signal }) => callApi('storage', storageView, { signal }),
  refetchInterval: ({ state }) => {
    const run = state.data?.lastRun;
    return run && run.finishedAt === null ? LOOK_AGAIN_MS : false;
  },
});

/** What a rule would take now. */
export function previewQuery({ detailDays, historyMonths }: StorageRule) {
  const query = queryString({ detailDays, historyMonths: historyMonths ?? undefined });
  return queryOptions<RetentionPreview>({
    queryKey: ['storage', 'preview', query],
    queryFn: ({ signal }) => callApi(`storage/preview${query}`, retentionPreview, { signal }),
  });
}

export function useSaveStorage() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: StorageRule) => callApi('storage', storageView, { method: 'PUT', body }),
    onSuccess: (view) => client.setQueryData(storageQuery.queryKey, view),
  });
}

export function useRunRetention() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () =>
      callApi('storage/runs', z.object({ enqueued: z.boolean() }), { method: 'POST' }),
    onSuccess: () => {
      setTimeout(
        () => client.invalidateQueries({ queryKey: storageQuery.queryKey }),
        LOOK_AGAIN_MS,
      );
    },
  });
}
