import type { GroupRole } from '@netdelta/core/access/sign-on.ts';
import type { SignOnRequest, SignOnView } from '@netdelta/core/api/sign-on.ts';
import type { ProviderRow } from './queries.ts';

/** What is told of a provider, and written down of it in the audit log: all but its secret. */
export function presentProvider(row: ProviderRow): NonNullable<SignOnView['provider']> {
  return {
    enabled: row.enabled,
    label: row.label,
    issuer: row.issuer,
    clientId: row.client_id,
    hasSecret: row.client_secret !== null,
    scopes: row.scopes,
    groupsClaim: row.groups_claim,
    roles: [...row.roles],
    otherwise: row.otherwise,
    admitsNew: row.admits_new,
    linksByEmail: row.links_by_email,
    passwordAllowed: row.password_allowed,
    secondFactor: row.second_factor,
    sessionHours: row.session_hours,
  };
}

/** As it is stored, with its sealed secret. */
export function toRow(siteId: string, rule: SignOnRequest, sealed: string | null): ProviderRow {
  return {
    site_id: siteId,
    enabled: rule.enabled,
    label: rule.label,
    issuer: rule.issuer,
    client_id: rule.clientId,
    client_secret: sealed,
    scopes: rule.scopes,
    groups_claim: rule.groupsClaim,
    roles: rule.roles,
    otherwise: rule.otherwise,
    admits_new: rule.admitsNew,
    links_by_email: rule.linksByEmail,
    password_allowed: rule.passwordAllowed,
    second_factor: rule.secondFactor,
    session_hours: rule.sessionHours,
  };
}

/** Whether coming in through the provider can make an owner. */
export function reachesOwners(roles: readonly GroupRole[]): boolean {
  return roles.some(({ role }) => role === 'owner');
}
