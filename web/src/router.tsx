import { createRootRoute, createRoute, createRouter, Outlet } from '@tanstack/react-router';
import { SiteGate } from './components/site-gate.tsx';
import { AccountPage } from './pages/account/account-page.tsx';
import { ApiKeysPage } from './pages/api-keys/api-keys-page.tsx';
import { AuditPage } from './pages/audit/audit-page.tsx';
import { ComparePage } from './pages/compare/compare-page.tsx';
import { DeltaPage } from './pages/delta/delta-page.tsx';
import { DeltasPage } from './pages/deltas/deltas-page.tsx';
import { ExportPage } from './pages/export/export-page.tsx';
import { ForgottenPasswordPage } from './pages/forgotten-password/forgotten-password-page.tsx';
import { GroupPage } from './pages/group/group-page.tsx';
import { GroupEditorPage } from './pages/group-editor/group-editor-page.tsx';
import { GroupsPage } from './pages/groups/groups-page.tsx';
import { HostPage } from './pages/host/host-page.tsx';
import { HostsPage } from './pages/hosts/hosts-page.tsx';
import { InvitationPage } from './pages/invitation/invitation-page.tsx';
import { LoginPage } from './pages/login/login-page.tsx';
import { MembersPage } from './pages/members/members-page.tsx';
import { NewPasswordPage } from './pages/new-password/new-password-page.tsx';
import { NotFoundPage } from './pages/not-found/not-found-page.tsx';
import { NotificationsPage } from './pages/notifications/notifications-page.tsx';
import { OverviewPage } from './pages/overview/overview-page.tsx';
import { ProfileEditorPage } from './pages/profile-editor/profile-editor-page.tsx';
import { ProfilesPage } from './pages/profiles/profiles-page.tsx';
import { ReplayPage } from './pages/replay/replay-page.tsx';
import { ScanPage } from './pages/scan/scan-page.tsx';
import { ScansPage } from './pages/scans/scans-page.tsx';
import { ScheduleEditorPage } from './pages/schedule-editor/schedule-editor-page.tsx';
import { ScopePage } from './pages/scope/scope-page.tsx';
import { ServiceListPage } from './pages/service-list/service-list-page.tsx';
import { SettingsPage } from './pages/settings/settings-page.tsx';
import { SignOnPage } from './pages/sign-on/sign-on-page.tsx';
import { SystemPage } from './pages/system/system-page.tsx';
import {
  parseAsOf,
  parseAuditSearch,
  parseCompareSearch,
  parseDeltaSearch,
  parseExportSearch,
  parseGroupEditorSearch,
  parseHostSearch,
  parseLoginSearch,
  parseNotificationSearch,
  parseProfileEditorSearch,
  parseScanSearch,
  parseServiceSearch,
  parseTokenSearch,
  readSearch,
  writeSearch,
} from './search.ts';

const rootRoute = createRootRoute({ component: Outlet, notFoundComponent: NotFoundPage });

const loginRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/login',
  component: LoginPage,
  validateSearch: parseLoginSearch,
});

/** Reached by links in mails, by people who are not logged in. */
const tokenPages = [
  createRoute({
    getParentRoute: () => rootRoute,
    path: '/invitation',
    component: InvitationPage,
    validateSearch: parseTokenSearch,
  }),
  createRoute({
    getParentRoute: () => rootRoute,
    path: '/new-password',
    component: NewPasswordPage,
    validateSearch: parseTokenSearch,
  }),
  createRoute({
    getParentRoute: () => rootRoute,
    path: '/forgotten-password',
    component: ForgottenPasswordPage,
  }),
] as const;

const siteRoute = createRoute({
  getParentRoute: () => rootRoute,
  id: 'site',
  component: SiteGate,
});

const inSite = { getParentRoute: () => siteRoute } as const;

const sitePages = [
  createRoute({ ...inSite, path: '/', component: OverviewPage }),
  createRoute({ ...inSite, path: '/groups', component: GroupsPage }),
  createRoute({
    ...inSite,
    path: '/groups/new',
    component: GroupEditorPage,
    validateSearch: parseGroupEditorSearch,
  }),
  createRoute({ ...inSite, path: '/groups/$groupId', component: GroupPage }),
  createRoute({ ...inSite, path: '/groups/$groupId/edit', component: GroupEditorPage }),
  createRoute({ ...inSite, path: '/groups/$groupId/replay', component: ReplayPage }),
  createRoute({
    ...inSite,
    path: '/groups/$groupId/schedules/$scheduleId',
    component: ScheduleEditorPage,
  }),
  createRoute({ ...inSite, path: '/profiles', component: ProfilesPage }),
  createRoute({
    ...inSite,
    path: '/profiles/$profileId',
    component: ProfileEditorPage,
    validateSearch: parseProfileEditorSearch,
  }),
  createRoute({
    ...inSite,
    path: '/scans',
    component: ScansPage,
    validateSearch: parseScanSearch,
  }),
  createRoute({ ...inSite, path: '/scans/$scanId', component: ScanPage }),
  createRoute({
    ...inSite,
    path: '/deltas',
    component: DeltasPage,
    validateSearch: parseDeltaSearch,
  }),
  createRoute({ ...inSite, path: '/deltas/$deltaId', component: DeltaPage }),
  createRoute({
    ...inSite,
    path: '/hosts',
    component: HostsPage,
    validateSearch: parseHostSearch,
  }),
  createRoute({
    ...inSite,
    path: '/hosts/$groupId/$address',
    component: HostPage,
    validateSearch: parseAsOf,
  }),
  createRoute({
    ...inSite,
    path: '/compare',
    component: ComparePage,
    validateSearch: parseCompareSearch,
  }),
  createRoute({
    ...inSite,
    path: '/services',
    component: ServiceListPage,
    validateSearch: parseServiceSearch,
  }),
  createRoute({
    ...inSite,
    path: '/notifications',
    component: NotificationsPage,
    validateSearch: parseNotificationSearch,
  }),
  createRoute({ ...inSite, path: '/members', component: MembersPage }),
  createRoute({ ...inSite, path: '/sign-on', component: SignOnPage }),
  createRoute({ ...inSite, path: '/api-keys', component: ApiKeysPage }),
  createRoute({ ...inSite, path: '/account', component: AccountPage }),
  createRoute({ ...inSite, path: '/settings', component: SettingsPage }),
  createRoute({ ...inSite, path: '/scope', component: ScopePage }),
  createRoute({
    ...inSite,
    path: '/export',
    component: ExportPage,
    validateSearch: parseExportSearch,
  }),
  createRoute({
    ...inSite,
    path: '/audit',
    component: AuditPage,
    validateSearch: parseAuditSearch,
  }),
  createRoute({ ...inSite, path: '/system', component: SystemPage }),
] as const;

const routeTree = rootRoute.addChildren([
  loginRoute,
  ...tokenPages,
  siteRoute.addChildren(sitePages),
]);

/** The pages of one site, below the path that its `<base href>` names. */
export function createSiteRouter(basepath: string) {
  return createRouter({
    routeTree,
    basepath,
    parseSearch: readSearch,
    stringifySearch: writeSearch,
    scrollRestoration: true,
  });
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createSiteRouter>;
  }
}
