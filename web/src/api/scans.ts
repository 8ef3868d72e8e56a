import { pageOf } from '@netdelta/core/api/page.ts';
import {
  type DeltaQuery,
  deltaView,
  type ScanQuery,
  scanDetail,
  scanView,
} from '@netdelta/core/api/scans.ts';
import {
  infiniteQueryOptions,
  queryOptions,
  useMutation,
  useQueryClient,
} from '@tanstack/react-query';
import { callApi, queryString } from './client.ts';

const scanPage = pageOf(scanView);
const deltaPage = pageOf(deltaView);

/** Which scans a list shows. */
export type ScanFilter = Pick<ScanQuery, 'groupId' | 'status'>;

export const scansQuery = (filter: ScanFilter, limit = 50) =>
  infiniteQueryOptions({
    queryKey: ['scans', 'list', filter, limit],
    queryFn: ({ signal, pageParam }) =>
      callApi(`scans${queryString({ ...filter, after: pageParam, limit })}`, scanPage, { signal }),
    initialPageParam: '',
    getNextPageParam: (page) => page.next,
    // Only what still runs changes by itself.
    refetchInterval: ({ state }) =>
      state.data?.pages.some((page) => page.items.some(isLive)) ? 3_000 : 30_000,
  });

export const scanDetailQuery = (id: string) =>
  queryOptions({
    queryKey: ['scans', 'one', id],
    queryFn: ({ signal }) => callApi(`scans/${id}`, scanDetail, { signal }),
    // The event stream tells sooner; this is for proxies that hold streams back.
    refetchInterval: ({ state }) => (state.data && isLive(state.data.scan) ? 10_000 : false),
  });

/** Which deltas a list shows. */
export type DeltaFilter = Pick<DeltaQuery, 'groupId' | 'scanId' | 'address' | 'kind' | 'rating'>;

export const deltasQuery = (filter: DeltaFilter, limit = 50) =>
  infiniteQueryOptions({
    queryKey: ['deltas', 'list', filter, limit],
    queryFn: ({ signal, pageParam }) =>
      callApi(`deltas${queryString({ ...filter, after: pageParam, limit })}`, deltaPage, {
        signal,
      }),
    initialPageParam: '',
    getNextPageParam: (page) => page.next,
  });

export const deltaQuery = (id: string) =>
  queryOptions({
    queryKey: ['deltas', 'one', id],
    queryFn: ({ signal }) => callApi(`deltas/${id}`, deltaView, { signal }),
  });

/** Starts a scan of a group at once. */
export function useStartScan(groupId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => callApi('scans', scanView, { method: 'POST', body: { groupId } }),
    onSuccess: () => client.invalidateQueries(),
  });
}

export function useCancelScan(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => callApi(`scans/${id}/cancel`, scanView, { method: 'POST', body: {} }),
    onSuccess: () => client.invalidateQueries({ queryKey: ['scans'] }),
  });
}

/** Tells whether a scan has still something to do. */
export function isLive(scan: { readonly status: string }): boolean {
  return ['waiting', 'running', 'cancelling'].includes(scan.status);
}
