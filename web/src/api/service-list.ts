import { pageOf } from '@netdelta/core/api/page.ts';
import { listedService, type ServiceQuery } from '@netdelta/core/api/service-list.ts';
import { infiniteQueryOptions } from '@tanstack/react-query';
import { callApi, queryString } from './client.ts';

const servicePage = pageOf(listedService);

/** Which services a list shows. */
export type ServiceFilter = Partial<Pick<ServiceQuery, 'groupId' | 'protocol' | 'text' | 'port'>>;

export const servicesQuery = (filter: ServiceFilter) =>
  infiniteQueryOptions({
    queryKey: ['services', 'list', filter],
    queryFn: ({ signal, pageParam }) =>
      callApi(`services${queryString({ ...filter, after: pageParam, limit: 100 })}`, servicePage, {
        signal,
      }),
    initialPageParam: '',
    getNextPageParam: (page) => page.next,
  });
