import type { Claims } from '@netdelta/core/access/sign-on.ts';
import {
  allowInsecureRequests,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  type ClientAuth,
  ClientSecretBasic,
  ClientSecretPost,
  type Configuration,
  calculatePKCECodeChallenge,
  customFetch,
  discovery,
  enableNonRepudiationChecks,
  fetchUserInfo,
  None,
  randomNonce,
  randomPKCECodeVerifier,
  randomState,
} from 'openid-client';
import type { FetchOutside } from '../../outbound/fetch-outside.ts';
import { describeFailure, ProviderFailure } from './provider-failure.ts';

/** How a site knows its provider, and the provider knows the site. */
export interface ProviderAccess {
  readonly issuer: string;
  readonly clientId: string;
  /** Null: a public client, which proves itself by PKCE alone. */
  readonly clientSecret: string | null;
  readonly scopes: string;
}

/** What is remembered of a login while somebody is at the provider. */
export interface TripSecrets {
  readonly state: string;
  readonly nonce: string;
  /** PKCE, RFC 7636. */
  readonly codeVerifier: string;
}

const TIMEOUT_SECONDS = 10;

/**
 * Reads the provider's own description (OpenID Connect Discovery 1.0), anew each time: endpoints and
 * keys that it has exchanged hold at once. @throws ProviderFailure
 */
export async function discoverProvider(
  { issuer, clientId, clientSecret }: ProviderAccess,
  ask: FetchOutside,
): Promise<Configuration> {
  const insecure = issuer.startsWith('http:') ? [allowInsecureRequests] : [];
  const options = {
    execute: [enableNonRepudiationChecks, ...insecure],
    timeout: TIMEOUT_SECONDS,
    [customFetch]: ask,
  };
  const authentication = clientSecret === null ? None() : bySecret(clientSecret);
  const found = discovery(new URL(issuer), clientId, undefined, authentication, options);
  const provider = await found.catch((error) => {
    throw describeFailure(error, issuer);
  });
  requireOneIssuer(provider.serverMetadata().issuer, issuer);
  return provider;
}

/**
 * openid-client lets Microsoft's addresses for people of any organisation pass. Whoever they vouch for
 * is not of this site, and their names for people are told apart by the issuer alone.
 */
function requireOneIssuer(named: string, issuer: string): void {
  if (new URL(named).href === new URL(issuer).href) return;
  const message = `The provider calls itself ${named}, not ${issuer}: enter the issuer of one organisation alone, with the id of its tenant.`;
  throw new ProviderFailure('misconfigured', message, null);
}

/** In the body where the provider takes that, else in the header, which is what it takes unless it says otherwise. */
function bySecret(secret: string): ClientAuth {
  const [inBody, inHeader] = [ClientSecretPost(secret), ClientSecretBasic(secret)];
  return (server, ...request) => {
    const methods = server.token_endpoint_auth_methods_supported;
    return (methods?.includes('client_secret_post') ? inBody : inHeader)(server, ...request);
  };
}

/** Where to send the browser, and what has to be known when it comes back. @throws ProviderFailure */
export async function beginSignOn(
  access: ProviderAccess,
  { redirectUri, ask }: { redirectUri: string; ask: FetchOutside },
): Promise<{ url: URL; secrets: TripSecrets }> {
  const provider = await discoverProvider(access, ask);
  const secrets = {
    state: randomState(),
    nonce: randomNonce(),
    codeVerifier: randomPKCECodeVerifier(),
  };
  const { state, nonce } = secrets;
  const parameters = {
    redirect_uri: redirectUri,
    scope: access.scopes,
    code_challenge: await calculatePKCECodeChallenge(secrets.codeVerifier),
    code_challenge_method: 'S256',
    state,
    nonce,
  };
  try {
    return { url: buildAuthorizationUrl(provider, parameters), secrets };
  } catch (error) {
    throw describeFailure(error, access.issuer);
  }
}

/** Who came back. */
export interface Proof {
  /** As the provider calls itself; it is what has signed. */
  readonly issuer: string;
  readonly subject: string;
  readonly claims: Claims;
}

/**
 * Exchanges the code in the address to which the browser came back for an ID token, and checks that:
 * signature, `iss`, `aud`, `exp`, `nonce` (OpenID Connect Core 3.1.3.7). Claims of `wanted` that are
 * not in it are asked of the userinfo endpoint. @throws ProviderFailure
 */
export async function finishSignOn(
  access: ProviderAccess,
  { address, secrets, ask, wanted }: Return,
): Promise<Proof> {
  const provider = await discoverProvider(access, ask);
  try {
    const tokens = await authorizationCodeGrant(provider, address, {
      expectedState: secrets.state,
      expectedNonce: secrets.nonce,
      pkceCodeVerifier: secrets.codeVerifier,
      idTokenExpected: true,
    });
    const token = tokens.claims();
    if (!token) throw new Error('there is no ID token');
    const missing = wanted.some((claim) => token[claim] === undefined);
    const more =
      missing && provider.serverMetadata().userinfo_endpoint
        ? await fetchUserInfo(provider, tokens.access_token, token.sub)
        : {};
    return { issuer: token.iss, subject: token.sub, claims: { ...more, ...token } };
  } catch (error) {
    throw describeFailure(error, access.issuer);
  }
}

interface Return {
  readonly address: URL;
  readonly secrets: TripSecrets;
  readonly ask: FetchOutside;
  readonly wanted: readonly string[];
}
