import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import { ApiFailure } from './client.ts';
import { sessionQuery } from './session.ts';

const RETRIES = 2;
const PERMISSION_CODES = new Set(['not-permitted', 'second-factor-demanded']);

/** What the pages know of the server. When a session has ended, every page leads to the login. */
export function createApiCache(): QueryClient {
  const onError = (error: unknown) => {
    if (error instanceof ApiFailure && error.status === 401)
      client.setQueryData(sessionQuery.queryKey, null);
    // The role has changed since the page was opened: show what it still allows.
    if (error instanceof ApiFailure && PERMISSION_CODES.has(error.code))
      void client.invalidateQueries({ queryKey: sessionQuery.queryKey });
  };
  const client: QueryClient = new QueryClient({
    queryCache: new QueryCache({ onError }),
    mutationCache: new MutationCache({ onError }),
    defaultOptions: { queries: { retry: shouldRetry, staleTime: 2_000 } },
  });
  return client;
}

/** Only what may pass by itself is asked again: no answer at all, or a failure of the server. */
function shouldRetry(failures: number, error: unknown): boolean {
  const passing = error instanceof ApiFailure && (error.status === 0 || error.status >= 500);
  return passing && failures < RETRIES;
}
