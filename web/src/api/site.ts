import { type RemovalRequest, removalView } from '@netdelta/core/api/removal.ts';
import { quotaView, type SiteFacts, siteView } from '@netdelta/core/api/site.ts';
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { callApi, callApiForNothing } from './client.ts';

/** What the site is called, how it writes its times, and whether it has a picture. */
export const siteQuery = queryOptions({
  queryKey: ['site'],
  queryFn: ({ signal }) => callApi('site', siteView, { signal }),
  staleTime: 300_000,
});

/** Where the picture of the site is; another picture has another address. */
export function logoAddress(digest: string): string {
  return new URL(`api/v1/site/logo?v=${digest.slice(0, 12)}`, document.baseURI).href;
}

export function useSaveSite() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: SiteFacts) => callApi('site', siteView, { method: 'PUT', body }),
    onSuccess: () => client.invalidateQueries(),
  });
}

export function useSaveLogo() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (file: File) =>
      callApi('site/logo', siteView, { method: 'PUT', file, fileType: file.type }),
    onSuccess: (view) => client.setQueryData(siteQuery.queryKey, view),
  });
}

export function useRemoveLogo() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => callApiForNothing('site/logo', { method: 'DELETE' }),
    onSuccess: () => client.invalidateQueries({ queryKey: siteQuery.queryKey }),
  });
}

export const quotaQuery = queryOptions({
  queryKey: ['quotas'],
  queryFn: ({ signal }) => callApi('quotas', quotaView, { signal }),
});

/** Ends the site; whoever asked finds it gone. */
export function useEndSite() {
  return useMutation({
    mutationFn: (body: RemovalRequest) =>
      callApi('site/removal', removalView, { method: 'POST', body }),
  });
}
