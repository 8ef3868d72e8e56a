import { type ScheduleRequest, schedulePreview, scheduleView } from '@netdelta/core/api/groups.ts';
import { pageOf } from '@netdelta/core/api/page.ts';
import type { ScheduleTiming } from '@netdelta/core/schedule/schedule.ts';
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { callApi, callApiForNothing, queryString } from './client.ts';

const scheduleList = pageOf(scheduleView).pick({ items: true });

export const schedulesQuery = (groupId: string) =>
  queryOptions({
    queryKey: ['schedules', groupId],
    queryFn: ({ signal }) =>
      callApi(`schedules${queryString({ groupId })}`, scheduleList, { signal }),
  });

/** The next five runs of a timing that is not stored yet; refused when it never runs. */
export const previewQuery = (timing: ScheduleTiming | null) =>
  queryOptions({
    queryKey: ['schedule-preview', timing],
    queryFn: ({ signal }) =>
      callApi('schedules/preview', schedulePreview, { method: 'POST', body: { timing }, signal }),
    enabled: timing !== null,
    retry: false,
    gcTime: 0,
  });

/** Makes a schedule, or changes the one with `id`. */
export function useSaveSchedule(id: string | undefined) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: ScheduleRequest) =>
      id
        ? callApi(`schedules/${id}`, scheduleView, { method: 'PUT', body })
        : callApi('schedules', scheduleView, { method: 'POST', body }),
    onSuccess: () => client.invalidateQueries(),
  });
}

export function useDeleteSchedule(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => callApiForNothing(`schedules/${id}`, { method: 'DELETE' }),
    onSuccess: () => client.invalidateQueries(),
  });
}
