import {
  type NotificationQuery,
  notificationView,
  type TestMailRequest,
  testMailResult,
} from '@netdelta/core/api/notifications.ts';
import { pageOf } from '@netdelta/core/api/page.ts';
import { infiniteQueryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { callApi, queryString } from './client.ts';

const notificationPage = pageOf(notificationView);

export const notificationsQuery = (status: NotificationQuery['status']) =>
  infiniteQueryOptions({
    queryKey: ['notifications', status],
    queryFn: ({ signal, pageParam }) =>
      callApi(`notifications${queryString({ status, after: pageParam })}`, notificationPage, {
        signal,
      }),
    initialPageParam: '',
    getNextPageParam: (page) => page.next,
    refetchInterval: 15_000,
  });

export function useTestMail() {
  return useMutation({
    mutationFn: (body: TestMailRequest) =>
      callApi('notifications/test', testMailResult, { method: 'POST', body }),
  });
}

export function useRetryNotification(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () =>
      callApi(`notifications/${id}/retry`, notificationView, { method: 'POST', body: {} }),
    onSuccess: () => client.invalidateQueries({ queryKey: ['notifications'] }),
  });
}
