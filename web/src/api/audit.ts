import { type AuditQuery, auditCheck, auditView } from '@netdelta/core/api/audit.ts';
import { pageOf } from '@netdelta/core/api/page.ts';
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { callApi, queryString } from './client.ts';

const auditPage = pageOf(auditView);

export type AuditFilter = Partial<Omit<AuditQuery, 'after' | 'limit'>>;

export const auditEntriesQuery = (filter: AuditFilter) =>
  infiniteQueryOptions({
    queryKey: ['audit', filter],
    queryFn: ({ signal, pageParam }) =>
      callApi(`audit${queryString({ ...filter, after: pageParam })}`, auditPage, { signal }),
    initialPageParam: '',
    getNextPageParam: (page) => page.next,
  });

/** Computes the whole chain again: asked for when somebody wants it, and not kept. */
export const auditCheckQuery = queryOptions({
  queryKey: ['audit-check'],
  queryFn: ({ signal }) => callApi('audit/check', auditCheck, { signal }),
  enabled: false,
  gcTime: 0,
});
