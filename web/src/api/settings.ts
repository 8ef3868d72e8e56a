import { type SiteSettings, siteSettings } from '@netdelta/core/api/settings.ts';
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { callApi } from './client.ts';

export const settingsQuery = queryOptions({
  queryKey: ['settings'],
  queryFn: ({ signal }) => callApi('settings', siteSettings, { signal }),
  // A form that is being filled in is not filled anew.
  staleTime: Number.POSITIVE_INFINITY,
});

export function useSaveSettings() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: SiteSettings) => callApi('settings', siteSettings, { method: 'PUT', body }),
    onSuccess: (settings) => client.setQueryData(settingsQuery.queryKey, settings),
  });
}
