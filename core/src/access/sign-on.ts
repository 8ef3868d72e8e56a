import { ROLES, type Role } from './roles.ts';

/** Which role the people of a provider's group get. */
export interface GroupRole {
  readonly group: string;
  readonly role: Role;
}

/** What a provider says of somebody, as in an ID token or an answer of its userinfo endpoint. */
export type Claims = Readonly<Record<string, unknown>>;

/**
 * The groups in a claim: a list of texts, or one text. `claim` is a name, or, where there is none of
 * that name, a path with dots: Keycloak has the roles of a realm in `realm_access.roles`.
 */
export function readGroups(claims: Claims, claim: string): readonly string[] {
  const found = readClaim(claims, claim);
  if (typeof found === 'string') return found === '' ? [] : [found];
  return Array.isArray(found) ? found.filter((group) => typeof group === 'string') : [];
}

/** Whether the claim is there, even if it holds no group. */
export function tellsGroups(claims: Claims, claim: string): boolean {
  const found = readClaim(claims, claim);
  return typeof found === 'string' || Array.isArray(found);
}

function readClaim(claims: Claims, claim: string): unknown {
  if (Object.hasOwn(claims, claim)) return claims[claim];
  const step = (at: unknown, name: string): unknown =>
    typeof at === 'object' && at !== null && Object.hasOwn(at, name)
      ? (at as Record<string, unknown>)[name]
      : undefined;
  return claim.split('.').reduce(step, claims);
}

/**
 * Whether the provider left the groups out because there are too many for a token, and only says
 * where they can be asked (OpenID Connect Core 5.6.2; Entra does so above 200).
 */
export function leavesGroupsOut(claims: Claims, claim: string): boolean {
  const { _claim_names: names } = claims;
  return typeof names === 'object' && names !== null && Object.hasOwn(names, claim);
}

/** Of all roles that the groups give, the one that may most; else `otherwise`. Null: no entry. */
export function decideSignOnRole(
  groups: readonly string[],
  { roles, otherwise }: { roles: readonly GroupRole[]; otherwise: Role | null },
): Role | null {
  const given = roles.filter(({ group }) => groups.includes(group)).map(({ role }) => role);
  return ROLES.find((role) => given.includes(role)) ?? otherwise;
}

/** Methods of authentication by what they prove (RFC 8176). */
const METHODS: ReadonlyMap<string, 'knows' | 'has' | 'is'> = new Map([
  ['pwd', 'knows'],
  ['pin', 'knows'],
  ['kba', 'knows'],
  ['otp', 'has'],
  ['hwk', 'has'],
  ['swk', 'has'],
  ['sc', 'has'],
  ['sms', 'has'],
  ['tel', 'has'],
  ['face', 'is'],
  ['fpt', 'is'],
  ['iris', 'is'],
  ['retina', 'is'],
  ['vbm', 'is'],
]);

/** OpenID Connect Extended Authentication Profile: resistant to phishing, without and with hardware. */
const STRONG_CONTEXTS: readonly unknown[] = ['phr', 'phrh'];

/**
 * Whether a provider says that somebody gave a second factor: `mfa` or two methods of different kinds
 * in `amr` (RFC 8176), or an `acr` that stands for more than a password.
 */
export function assertsSecondFactor({ amr, acr }: Claims): boolean {
  if (STRONG_CONTEXTS.includes(acr)) return true;
  const methods: readonly unknown[] = Array.isArray(amr) ? amr : [];
  const kinds = methods.map((method) => METHODS.get(String(method))).filter((kind) => kind);
  return methods.includes('mfa') || new Set(kinds).size > 1;
}

/** Why somebody did not come in through the provider, each in a sentence that says what to do. */
export const SIGN_ON_REFUSALS = {
  'no-provider':
    'This site has no single sign-on, or it is switched off. Log in with your e-mail address and password.',
  unreachable:
    'The identity provider does not answer. Try again later, or log in with your e-mail address and password. Who runs this server can help with: netdelta user.',
  misconfigured:
    'The single sign-on of this site does not work as it is set up. Log in with your e-mail address and password, and tell an administrator of this site: "Test the connection" says what is wrong.',
  'not-begun-here':
    'This login was not begun in this browser, took longer than ten minutes, or was used already. Begin again.',
  denied: 'The identity provider did not let you in. Begin again, and agree to what it asks.',
  unproven:
    'What the identity provider answered does not prove who you are. Begin again; if it stays so, tell an administrator of this site.',
  'no-group':
    'None of your groups at the identity provider may enter this site. Ask an administrator of this site, or who looks after the groups.',
  'groups-left-out':
    'You are in so many groups that the identity provider does not list them. An administrator there can make it list only those that this application needs.',
  'not-a-member':
    'You are no member of this site, and it takes nobody in who was not invited. Ask somebody of this site for an invitation.',
  'unverified-email':
    'A member of this site has your e-mail address, and the identity provider does not say that it is verified. Log in with the password of that account, or have the address verified at the provider.',
  'not-linked':
    'A member of this site has your e-mail address, and the site does not link accounts by it. Log in with the password of that account, or ask an administrator of this site.',
  'linked-otherwise':
    'The member of this site with your e-mail address is somebody else at the identity provider. An administrator of this site can remove that member; then come again.',
  'owner-by-password':
    'You are an owner of this site, and owners log in with their e-mail address and password: its single sign-on gives nobody that role.',
  'second-factor':
    'This site demands a second factor, and the identity provider does not say that you gave one. Log in there with one, or ask an administrator of this site.',
} as const satisfies Record<string, string>;
export type SignOnRefusal = keyof typeof SIGN_ON_REFUSALS;

/** The sentence for a refusal as it stands in an address; undefined for what is none. */
export function describeSignOnRefusal(code: string): string | undefined {
  return Object.hasOwn(SIGN_ON_REFUSALS, code)
    ? SIGN_ON_REFUSALS[code as SignOnRefusal]
    : undefined;
}
