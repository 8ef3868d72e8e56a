import type { FetchOutside } from '../../outbound/fetch-outside.ts';
import type { SealedColumn } from '../../secrets/sealed-column.ts';
import { type SecretPlace, SecretUnreadableError } from '../../secrets/vault.ts';
import type { AccountParts } from '../account-parts.ts';
import { selectSiteById } from '../queries.ts';
import type { ProviderAccess } from './provider.ts';
import { ProviderFailure } from './provider-failure.ts';
import type { ProviderRow } from './queries.ts';

/** What single sign-on is made with. */
export interface SignOnParts extends AccountParts {
  readonly fetchOutside: FetchOutside;
}

const TABLE = 'sign_on_providers';
const COLUMN = 'client_secret';
const placeOf = (siteId: string): SecretPlace => ({
  ...{ table: TABLE, column: COLUMN },
  ...{ siteId, row: siteId },
});

/** Client secrets, one a site. */
export const SEALED_CLIENT_SECRETS: SealedColumn = {
  ...{ table: TABLE, column: COLUMN, row: 'site_id', site: 'site_id' },
  describe: async (db, { row }) => {
    const { slug } = await selectSiteById(db, row);
    return `It is the client secret of the single sign-on of the site ${slug}. Enter it anew at /${slug}/sign-on.`;
  },
};

/** Null stays null: a public client has no secret. */
export async function sealSecret(
  { vault }: Pick<SignOnParts, 'vault'>,
  siteId: string,
  secret: string | null,
): Promise<string | null> {
  return secret === null ? null : vault.seal(secret, placeOf(siteId));
}

/** @throws ProviderFailure when no key opens it */
export async function openSecret(
  { vault }: Pick<SignOnParts, 'vault'>,
  { site_id: siteId, client_secret: sealed }: ProviderRow,
): Promise<string | null> {
  if (sealed === null) return null;
  return vault.open(sealed, placeOf(siteId)).catch((error) => {
    if (!(error instanceof SecretUnreadableError)) throw error;
    throw new ProviderFailure('misconfigured', error.message, error);
  });
}

export async function openAccess(
  parts: Pick<SignOnParts, 'vault'>,
  provider: ProviderRow,
): Promise<ProviderAccess> {
  const { issuer, client_id: clientId, scopes } = provider;
  return { issuer, clientId, scopes, clientSecret: await openSecret(parts, provider) };
}

/** What is registered at the provider: where it sends the browser back to. */
export function redirectUriOf({ baseUrl }: Pick<SignOnParts, 'baseUrl'>, slug: string): string {
  const base = baseUrl.href.endsWith('/') ? baseUrl : `${baseUrl.href}/`;
  return new URL(`${slug}/api/v1/sign-on/callback`, base).href;
}
