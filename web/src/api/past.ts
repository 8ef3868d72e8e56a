import { type CompareQuery, comparePage, pastHost, pastHostPage } from '@netdelta/core/api/past.ts';
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { callApi, queryString } from './client.ts';
import type { HostFilter } from './hosts.ts';

/** Which two instants are compared, as the API reads them. */
export type Comparison = Pick<CompareQuery, 'from' | 'to' | 'groupId'>;

export const comparisonQuery = (comparison: Comparison) =>
  infiniteQueryOptions({
    queryKey: ['compare', comparison],
    queryFn: ({ signal, pageParam }) =>
      callApi(
        `compare${queryString({ ...comparison, after: pageParam, limit: 100 })}`,
        comparePage,
        { signal },
      ),
    initialPageParam: '',
    getNextPageParam: (page) => page.next,
    retry: false,
  });

/** The hosts as of an instant. */
export const pastHostsQuery = (filter: HostFilter, at: string) =>
  infiniteQueryOptions({
    queryKey: ['hosts', 'as-of', at, filter],
    queryFn: ({ signal, pageParam }) =>
      callApi(
        `hosts/as-of${queryString({ ...filter, at, after: pageParam, limit: 100 })}`,
        pastHostPage,
        { signal },
      ),
    initialPageParam: '',
    getNextPageParam: (page) => page.next,
  });

export const pastHostQuery = (groupId: string, address: string, at: string) =>
  queryOptions({
    queryKey: ['hosts', groupId, address, 'as-of', at],
    queryFn: ({ signal }) =>
      callApi(
        `hosts/${groupId}/${encodeURIComponent(address)}/as-of${queryString({ at })}`,
        pastHost,
        { signal },
      ),
  });
