import type { SignOnFinding } from '@netdelta/core/api/sign-on.ts';
import {
  type Configuration,
  genericGrantRequest,
  ResponseBodyError,
  randomPKCECodeVerifier,
  type ServerMetadata,
} from 'openid-client';
import type { FetchOutside } from '../../outbound/fetch-outside.ts';
import { discoverProvider, type ProviderAccess } from './provider.ts';
import { describeFailure, ProviderFailure, quote, WRONG_CLIENT } from './provider-failure.ts';

interface CheckRequest extends Omit<Check, 'access'> {
  /** Opens the secret. */
  readonly openAccess: () => Promise<ProviderAccess>;
}

interface Check {
  readonly access: ProviderAccess;
  readonly groupsClaim: string;
  readonly redirectUri: string;
  readonly ask: FetchOutside;
}

/**
 * Looks at a provider as far as that is possible without anybody logging in: its description, its
 * keys, and whether it knows the client with this secret.
 */
export async function checkProvider({
  openAccess,
  ...request
}: CheckRequest): Promise<SignOnFinding[]> {
  try {
    const access = await openAccess();
    const check = { ...request, access };
    const { ask } = check;
    const provider = await discoverProvider(access, ask);
    const server = provider.serverMetadata();
    return [
      good(`${server.issuer} answers and describes itself.`),
      ...checkEndpoints(server),
      ...checkWishes(server, check),
      await checkKeys(server, check),
      await checkClient(provider, check),
    ];
  } catch (error) {
    if (error instanceof ProviderFailure) return [bad(error.message)];
    throw error;
  }
}

const good = (message: string): SignOnFinding => ({ level: 'good', message });
const doubtful = (message: string): SignOnFinding => ({ level: 'doubtful', message });
const bad = (message: string): SignOnFinding => ({ level: 'bad', message });

function checkEndpoints(server: ServerMetadata): SignOnFinding[] {
  const missing = (['authorization_endpoint', 'token_endpoint', 'jwks_uri'] as const).filter(
    (name) => !server[name],
  );
  const types = server.response_types_supported;
  return [
    ...missing.map((name) => bad(`Its description has no ${name}: it cannot log anybody in.`)),
    ...(types && !types.includes('code')
      ? [bad('It does not offer the authorization code flow (response type "code").')]
      : []),
  ];
}

function checkWishes(
  server: ServerMetadata,
  { access: { scopes }, groupsClaim }: Check,
): SignOnFinding[] {
  const { code_challenge_methods_supported: challenges, scopes_supported: known } = server;
  const unknown = known ? scopes.split(/ +/).filter((scope) => !known.includes(scope)) : [];
  const claims = server.claims_supported;
  return [
    ...(challenges?.includes('S256')
      ? []
      : [doubtful('It does not say that it supports PKCE (S256). NetDelta uses it all the same.')]),
    ...(unknown.length > 0
      ? [doubtful(`It does not list the scope ${unknown.join(', ')}: it may refuse the login.`)]
      : []),
    ...(claims && !claims.includes(groupsClaim)
      ? [
          doubtful(
            `It does not list the claim "${groupsClaim}". Many providers do not list what was added to them: log in once, and the audit log says which role you got.`,
          ),
        ]
      : []),
  ];
}

async function checkKeys({ jwks_uri: uri }: ServerMetadata, { ask, access }: Check) {
  if (!uri) return bad('It says nowhere which keys it signs with.');
  try {
    const init = { headers: { accept: 'application/json' }, redirect: 'manual' } as const;
    const reply = await ask(uri, { ...init, signal: AbortSignal.timeout(10_000) });
    const body: unknown = reply.ok ? await reply.json() : null;
    const keys = typeof body === 'object' && body !== null && 'keys' in body ? body.keys : null;
    if (!Array.isArray(keys) || keys.length === 0)
      return bad(`There are no keys at ${uri} (answer ${reply.status}).`);
    return good(`It publishes ${keys.length === 1 ? 'its key' : `${keys.length} keys`}.`);
  } catch (error) {
    return bad(`Its keys cannot be read. ${describeFailure(error, access.issuer).message}`);
  }
}

/**
 * A code that nobody was given is refused as such (`invalid_grant`) only to a client that is known:
 * so nobody has to log in to find out whether id and secret are right.
 */
async function checkClient(
  provider: Configuration,
  { access, redirectUri }: Check,
): Promise<SignOnFinding> {
  const request = {
    code: 'a code that was never given',
    redirect_uri: redirectUri,
    code_verifier: randomPKCECodeVerifier(),
  };
  try {
    await genericGrantRequest(provider, 'authorization_code', request);
    return bad('It exchanged a code that it never gave: do not trust it.');
  } catch (error) {
    if (!(error instanceof ResponseBodyError))
      return doubtful(
        `Whether it knows the client could not be found out. ${describeFailure(error, access.issuer).message}`,
      );
    if (error.error === 'invalid_grant')
      return good('It knows the client, and the client secret is right.');
    if (error.error === 'invalid_client' || error.error === 'unauthorized_client')
      return bad(`${WRONG_CLIENT} It says: ${quote(error)}.`);
    return doubtful(
      `Whether it knows the client it does not tell: it answered ${quote(error)}. Log in once to find out.`,
    );
  }
}
