import { auditQuery } from '@netdelta/core/api/audit.ts';
import { hostQuery } from '@netdelta/core/api/hosts.ts';
import { notificationQuery } from '@netdelta/core/api/notifications.ts';
import { compareQuery, pastHostQuery } from '@netdelta/core/api/past.ts';
import { deltaQuery, scanQuery } from '@netdelta/core/api/scans.ts';
import { serviceQuery } from '@netdelta/core/api/service-list.ts';
import type { AuditFilter } from './api/audit.ts';
import type { HostFilter } from './api/hosts.ts';
import type { Comparison } from './api/past.ts';
import type { DeltaFilter, ScanFilter } from './api/scans.ts';
import type { ServiceFilter } from './api/service-list.ts';

const PAGING = { after: true, limit: true } as const;

const hostSearch = hostQuery.omit(PAGING);
const asOfSearch = pastHostQuery.pick({ at: true }).partial();
const compareSearch = compareQuery.omit(PAGING).partial();
const serviceSearch = serviceQuery.omit(PAGING);
const scanSearch = scanQuery.omit(PAGING);
const deltaSearch = deltaQuery.omit(PAGING);
const notificationSearch = notificationQuery.omit(PAGING);
const auditSearch = auditQuery.omit(PAGING);

type Search = Record<string, unknown>;

/** Reads the filters of a list from the address bar; what makes no sense there is ignored. */
export const parseHostSearch = (search: Search): HostFilter & AsOf => ({
  ...(hostSearch.safeParse(search).data ?? {}),
  ...parseAsOf(search),
});

/** The instant at which the hosts are looked at; none: now. */
export interface AsOf {
  readonly at?: string | undefined;
}

export const parseAsOf = (search: Search): AsOf => asOfSearch.safeParse(search).data ?? {};

/** Which instants are compared; the page knows what to take for those that are not said. */
export const parseCompareSearch = (search: Search): Partial<Comparison> =>
  compareSearch.safeParse(search).data ?? {};

export const parseServiceSearch = (search: Search): ServiceFilter =>
  serviceSearch.safeParse(search).data ?? {};

export const parseScanSearch = (search: Search): ScanFilter =>
  scanSearch.safeParse(search).data ?? {};

export const parseDeltaSearch = (search: Search): DeltaFilter =>
  deltaSearch.safeParse(search).data ?? {};

export const parseNotificationSearch = (
  search: Search,
): ReturnType<typeof notificationSearch.parse> => notificationSearch.safeParse(search).data ?? {};

export const parseAuditSearch = (search: Search): AuditFilter =>
  auditSearch.safeParse(search).data ?? {};

/** `?groupId=<id>`: of this group alone. */
export const parseExportSearch = (search: Search): { groupId?: string | undefined } => ({
  groupId: hostSearch.shape.groupId.safeParse(search.groupId).data,
});

interface LoginSearch {
  readonly next?: string;
  readonly refused?: string;
}

/** Where to go after the login, only ever a page of this site; and why the single sign-on led back here. */
export const parseLoginSearch = ({ next, refused }: Search): LoginSearch => ({
  ...(typeof next === 'string' && /^\/(?!\/)/.test(next) && { next }),
  ...(typeof refused === 'string' && { refused }),
});

/** The token of a one-time link. */
export const parseTokenSearch = ({ token }: Search): { token?: string } =>
  typeof token === 'string' ? { token } : {};

/** `?playground=1` opens the editor filled in for the playground. */
export const parseGroupEditorSearch = ({ playground }: Search): { playground?: string } =>
  playground ? { playground: '1' } : {};

/** `?copy=<id>` opens the editor filled in from another profile. */
export const parseProfileEditorSearch = ({ copy }: Search): { copy?: string } =>
  typeof copy === 'string' ? { copy } : {};

/** Searches are written plainly, `?status=DOWN&port=22`, so that people can type and share them. */
export function readSearch(text: string): Record<string, string> {
  return Object.fromEntries(new URLSearchParams(text));
}

export function writeSearch(search: Record<string, unknown>): string {
  const filled = Object.entries(search).filter(([, value]) => value !== undefined && value !== '');
  const text = new URLSearchParams(filled.map(([name, value]) => [name, String(value)])).toString();
  return text ? `?${text}` : '';
}
