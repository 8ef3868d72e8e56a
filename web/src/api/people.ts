import { sessionView } from '@netdelta/core/api/accounts.ts';
import { pageOf } from '@netdelta/core/api/page.ts';
import {
  type AcceptRequest,
  type Delivery,
  type InvitationRequest,
  invitationMade,
  invitationOffer,
  invitationView,
  type MemberView,
  memberView,
} from '@netdelta/core/api/people.ts';
import {
  infiniteQueryOptions,
  queryOptions,
  useMutation,
  useQueryClient,
} from '@tanstack/react-query';
import { callApi, callApiForNothing, queryString } from './client.ts';
import { sessionQuery } from './session.ts';

export const membersQuery = infiniteQueryOptions({
  queryKey: ['members'],
  queryFn: ({ signal, pageParam }) =>
    callApi(`members${queryString({ after: pageParam, limit: 100 })}`, pageOf(memberView), {
      signal,
    }),
  initialPageParam: '',
  getNextPageParam: (page) => page.next,
});

export const invitationsQuery = infiniteQueryOptions({
  queryKey: ['invitations'],
  queryFn: ({ signal, pageParam }) =>
    callApi(`invitations${queryString({ after: pageParam, limit: 100 })}`, pageOf(invitationView), {
      signal,
    }),
  initialPageParam: '',
  getNextPageParam: (page) => page.next,
  // The mail is sent a moment after it was asked for.
  refetchInterval: 5_000,
});

/** Members and invitations belong together: one becomes the other. */
function useChanged() {
  const client = useQueryClient();
  return async () => {
    await client.invalidateQueries({ queryKey: ['members'] });
    await client.invalidateQueries({ queryKey: ['invitations'] });
    await client.invalidateQueries({ queryKey: sessionQuery.queryKey });
  };
}

export function useChangeRole(id: string) {
  return useMutation({
    mutationFn: (role: MemberView['role']) =>
      callApi(`members/${encodeURIComponent(id)}`, memberView, { method: 'PUT', body: { role } }),
    onSettled: useChanged(),
  });
}

export function useRemoveMember(id: string) {
  return useMutation({
    mutationFn: () => callApiForNothing(`members/${encodeURIComponent(id)}`, { method: 'DELETE' }),
    onSuccess: useChanged(),
  });
}

export function useInvite() {
  return useMutation({
    mutationFn: (body: InvitationRequest) =>
      callApi('invitations', invitationMade, { method: 'POST', body }),
    onSuccess: useChanged(),
  });
}

export function useRenewInvitation(id: string) {
  return useMutation({
    mutationFn: (delivery: Delivery) =>
      callApi(`invitations/${id}/renew`, invitationMade, { method: 'POST', body: { delivery } }),
    onSuccess: useChanged(),
  });
}

export function useRevokeInvitation(id: string) {
  return useMutation({
    mutationFn: () => callApiForNothing(`invitations/${id}`, { method: 'DELETE' }),
    onSuccess: useChanged(),
  });
}

/** What the holder of an invitation's link is offered. */
export const offerQuery = (token: string) =>
  queryOptions({
    queryKey: ['invitation', token],
    queryFn: ({ signal }) =>
      callApi('invitation/look', invitationOffer, { method: 'POST', body: { token }, signal }),
    staleTime: Number.POSITIVE_INFINITY,
  });

export function useAcceptInvitation() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: AcceptRequest) =>
      callApi('invitation/accept', sessionView, { method: 'POST', body }),
    onSuccess: (session) => client.setQueryData(sessionQuery.queryKey, session),
  });
}
