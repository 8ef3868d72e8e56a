import {
  type FrontDoorView,
  frontDoorView,
  type LoginRequest,
  platformSite,
  type SiteRequest,
  siteAddress,
} from '@netdelta/core/api/accounts.ts';
import { pageOf } from '@netdelta/core/api/page.ts';
import { removalView } from '@netdelta/core/api/removal.ts';
import {
  infiniteQueryOptions,
  keepPreviousData,
  queryOptions,
  useMutation,
  useQueryClient,
} from '@tanstack/react-query';
import { callApi, callApiForNothing, queryString } from './client.ts';

/** At the root of the server, where no site is: the sites, or that there is none yet. */
export const frontDoorQuery = queryOptions({
  queryKey: ['sites'],
  queryFn: ({ signal }): Promise<FrontDoorView> => callApi('sites', frontDoorView, { signal }),
});

export function useDoorLogin() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: LoginRequest) => callApiForNothing('session', { method: 'POST', body }),
    onSuccess: () => client.invalidateQueries({ queryKey: frontDoorQuery.queryKey }),
  });
}

export function useDoorLogout() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => callApiForNothing('session', { method: 'DELETE' }),
    onSuccess: () => client.invalidateQueries({ queryKey: frontDoorQuery.queryKey }),
  });
}

/** Takes the login of the front door into one of one's sites. */
export function useEnterSite() {
  return useMutation({
    mutationFn: (slug: string) =>
      callApiForNothing(`sites/${encodeURIComponent(slug)}/enter`, { method: 'POST', body: {} }),
  });
}

/** All sites, for platform administrators. */
export const platformSitesQuery = (text: string) =>
  infiniteQueryOptions({
    queryKey: ['platform-sites', text],
    queryFn: ({ signal, pageParam }) => {
      const query = queryString({ after: pageParam, text });
      return callApi(`platform/sites${query}`, pageOf(platformSite), { signal });
    },
    initialPageParam: '',
    getNextPageParam: (page) => page.next,
    placeholderData: keepPreviousData,
  });

export function useRestoreSite() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (slug: string) =>
      callApi(`platform/sites/${slug}/restore`, removalView, { method: 'POST', body: {} }),
    onSuccess: () => client.invalidateQueries(),
  });
}

export function useMakeSite() {
  return useMutation({
    mutationFn: (body: SiteRequest) =>
      callApi('platform/sites', siteAddress, { method: 'POST', body }),
  });
}
