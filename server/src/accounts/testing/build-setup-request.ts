import type { SetupRequest } from '@netdelta/core/api/accounts.ts';

export function buildSetupRequest(overrides: Partial<SetupRequest> = {}): SetupRequest {
  return {
    token: 'none',
    siteName: 'Example',
    siteSlug: 'example',
    timeZone: 'Europe/Berlin',
    name: 'Ada Lovelace',
    email: 'Ada@example.org',
    password: 'correct horse battery',
    ...overrides,
  };
}
