import {
  type SignOnCheckRequest,
  type SignOnRequest,
  type SignOnView,
  signOnFindings,
  signOnOffer,
  signOnView,
} from '@netdelta/core/api/sign-on.ts';
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { callApi, callApiForNothing, queryString } from './client.ts';

/** Whether the login page offers another way in. */
export const signOnOfferQuery = queryOptions({
  queryKey: ['sign-on-offer'],
  queryFn: ({ signal }) => callApi('sign-on/offer', signOnOffer, { signal }),
});

/** The address that takes a browser to the provider. */
export function signOnAddress(next: string | undefined): string {
  return new URL(`api/v1/sign-on/start${queryString({ next })}`, document.baseURI).href;
}

export const signOnQuery = queryOptions({
  queryKey: ['sign-on'],
  queryFn: ({ signal }) => callApi('sign-on', signOnView, { signal }),
  // A form that is being filled in is not filled anew.
  staleTime: Number.POSITIVE_INFINITY,
});

export function useSaveSignOn() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: SignOnRequest) => callApi('sign-on', signOnView, { method: 'PUT', body }),
    onSuccess: (view) => client.setQueryData(signOnQuery.queryKey, view),
  });
}

export function useRemoveSignOn() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => callApiForNothing('sign-on', { method: 'DELETE' }),
    onSuccess: () =>
      client.setQueryData(signOnQuery.queryKey, (view: SignOnView | undefined) =>
        view ? { ...view, provider: null } : view,
      ),
  });
}

export function useCheckSignOn() {
  return useMutation({
    mutationFn: (body: SignOnCheckRequest) =>
      callApi('sign-on/check', signOnFindings, { method: 'POST', body }),
  });
}
