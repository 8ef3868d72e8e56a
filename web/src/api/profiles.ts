import { type ProfileRequest, profileView } from '@netdelta/core/api/groups.ts';
import { pageOf } from '@netdelta/core/api/page.ts';
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { callApi, callApiForNothing } from './client.ts';

const profileList = pageOf(profileView).pick({ items: true });

export const profilesQuery = queryOptions({
  queryKey: ['profiles'],
  queryFn: ({ signal }) => callApi('profiles', profileList, { signal }),
});

/** Makes a profile, or changes the one with `id`. */
export function useSaveProfile(id: string | undefined) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: ProfileRequest) =>
      id
        ? callApi(`profiles/${id}`, profileView, { method: 'PUT', body })
        : callApi('profiles', profileView, { method: 'POST', body }),
    onSuccess: () => client.invalidateQueries(),
  });
}

export function useDeleteProfile(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => callApiForNothing(`profiles/${id}`, { method: 'DELETE' }),
    onSuccess: () => client.invalidateQueries({ queryKey: ['profiles'] }),
  });
}
