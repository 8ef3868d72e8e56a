import {
  type MemberRules,
  memberRules,
  recoveryCodes,
  secondFactorOffer,
  secondFactorView,
} from '@netdelta/core/api/people.ts';
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { callApi, callApiForNothing } from './client.ts';
import { sessionQuery } from './session.ts';

const PATH = 'account/second-factor';

export const secondFactorQuery = queryOptions({
  queryKey: ['second-factor'],
  queryFn: ({ signal }) => callApi(PATH, secondFactorView, { signal }),
});

/** Offers a second factor, which holds once its first code is confirmed. */
export function useOfferSecondFactor() {
  return useMutation({
    mutationFn: (password: string) =>
      callApi(PATH, secondFactorOffer, { method: 'POST', body: { password } }),
  });
}

export function useConfirmSecondFactor() {
  return useMutation({
    mutationFn: (code: string) =>
      callApiForNothing(`${PATH}/confirm`, { method: 'POST', body: { code } }),
    onSuccess: useChanged(),
  });
}

export function useEndSecondFactor() {
  return useMutation({
    mutationFn: (password: string) =>
      callApiForNothing(PATH, { method: 'DELETE', body: { password } }),
    onSuccess: useChanged(),
  });
}

export function useRenewRecoveryCodes() {
  return useMutation({
    mutationFn: (password: string) =>
      callApi(`${PATH}/recovery-codes`, recoveryCodes, { method: 'POST', body: { password } }),
  });
}

function useChanged() {
  const client = useQueryClient();
  return async () => {
    await client.invalidateQueries({ queryKey: secondFactorQuery.queryKey });
    await client.invalidateQueries({ queryKey: sessionQuery.queryKey });
    await client.invalidateQueries({ queryKey: ['own-sessions'] });
  };
}

export const memberRulesQuery = queryOptions({
  queryKey: ['member-rules'],
  queryFn: ({ signal }) => callApi('member-rules', memberRules, { signal }),
});

export function useSaveMemberRules() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: MemberRules) =>
      callApi('member-rules', memberRules, { method: 'PUT', body }),
    onSuccess: (rules) => client.setQueryData(memberRulesQuery.queryKey, rules),
  });
}
