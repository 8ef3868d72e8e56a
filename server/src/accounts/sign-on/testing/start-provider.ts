import { once } from 'node:events';
import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { decodeJwt, exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose';
import { type Configuration, Provider } from 'oidc-provider';
import type { FetchOutside } from '../../../outbound/fetch-outside.ts';

/** Who is logged in at the provider, and what it says of them. */
export interface ProviderPerson {
  readonly sub: string;
  readonly email?: string;
  readonly email_verified?: boolean;
  readonly name?: string;
  readonly groups?: readonly string[];
  /** How they proved who they are (RFC 8176). */
  readonly amr?: readonly string[];
}

type Keys = Awaited<ReturnType<typeof makeKeys>>;

export const CLIENT = {
  id: 'netdelta',
  secret: 'a secret of the client, of 32 characters and more',
};

/**
 * A real identity provider (oidc-provider) on loopback, whose visitors need no pages: whoever is sent
 * to it is logged in as the person that is named, and sent back.
 */
export async function startProvider(redirectUris: readonly string[]) {
  let answer: RequestListener = (_request, response) => response.end();
  const server = createServer((request, response) => answer(request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  let person: ProviderPerson = { sub: 'nobody' };
  let keys: Keys;
  const people = new Map<string, ProviderPerson>();
  const exchangeKeys = async (): Promise<void> => {
    keys = await makeKeys();
    answer = createAnswers(issuer, { redirectUris, keys, people, whoIsThere: () => person });
  };
  await exchangeKeys();
  const logIn = (who: ProviderPerson): void => {
    person = who;
    people.set(who.sub, who);
  };
  return {
    issuer,
    exchangeKeys,
    /** Whoever comes from now on is this person. */
    logIn,
    /** Sends a browser to the provider as somebody; answers where it is sent back to. */
    visit: async (address: string, who: ProviderPerson): Promise<URL> => {
      logIn(who);
      return followBack(new URL(address), issuer);
    },
    /** Asks as the server does, and changes the ID tokens on their way, signed by the keys of now or foreign ones. */
    forging: (change: (claims: JWTPayload) => JWTPayload, foreignKey = false): FetchOutside => {
      const own = keys;
      return async (url, init) => {
        const reply = await fetch(url, init);
        if (!String(url).endsWith('/token') || !reply.ok) return reply;
        const body = (await reply.json()) as { id_token: string };
        const { privateKey } = foreignKey ? await makeKeys() : own;
        const forged = await new SignJWT(change(decodeJwt(body.id_token)))
          .setProtectedHeader({ alg: ALGORITHM, kid: own.kid })
          .sign(privateKey);
        return Response.json({ ...body, id_token: forged });
      };
    },
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

export type StartedProvider = Awaited<ReturnType<typeof startProvider>>;

/** Its keys are made quickly. */
const ALGORITHM = 'ES256';

async function makeKeys() {
  const { privateKey } = await generateKeyPair(ALGORITHM, { extractable: true });
  const kid = `key-${Math.random().toString(36).slice(2)}`;
  return {
    privateKey,
    kid,
    jwk: { ...(await exportJWK(privateKey)), kid, alg: ALGORITHM, use: 'sig' },
  };
}

interface Answering {
  readonly redirectUris: readonly string[];
  readonly keys: Keys;
  readonly people: ReadonlyMap<string, ProviderPerson>;
  readonly whoIsThere: () => ProviderPerson;
}

function createAnswers(issuer: string, parts: Answering): RequestListener {
  const provider = new Provider(issuer, configurationOf(parts));
  const pages = provider.callback();
  const logIn = async (request: IncomingMessage, response: ServerResponse) => {
    const { sub, amr = ['pwd'] } = parts.whoIsThere();
    const login = { accountId: sub, amr: [...amr] };
    await provider.interactionFinished(request, response, { login });
  };
  return (request, response) => {
    if (!request.url?.startsWith('/interaction/')) pages(request, response);
    else
      logIn(request, response).catch((error: unknown) => {
        response.statusCode = 500;
        response.end(String(error));
      });
  };
}

function configurationOf({ redirectUris, keys, people }: Answering): Configuration {
  return {
    jwks: { keys: [keys.jwk] },
    cookies: { keys: ['a key of the cookies'] },
    clients: [
      {
        client_id: CLIENT.id,
        client_secret: CLIENT.secret,
        redirect_uris: [...redirectUris],
        grant_types: ['authorization_code'],
        response_types: ['code'],
        id_token_signed_response_alg: ALGORITHM,
      },
    ],
    ttl: {
      AccessToken: 60,
      AuthorizationCode: 60,
      Grant: 60,
      IdToken: 60,
      Interaction: 60,
      Session: 60,
    },
    scopes: ['openid', 'profile', 'email', 'groups'],
    claims: {
      openid: ['sub', 'amr'],
      email: ['email', 'email_verified'],
      profile: ['name'],
      groups: ['groups'],
    },
    pkce: { required: () => true },
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_context, { uid }) => `/interaction/${uid}` },
    findAccount: (_context, accountId) => ({
      accountId,
      claims: () => {
        const { amr, groups, ...told } = people.get(accountId) ?? { sub: accountId };
        return { ...told, ...(groups && { groups: [...groups] }) };
      },
    }),
    // Nobody has to agree to anything.
    loadExistingGrant: async ({ oidc }) => {
      const { client, session, provider } = oidc;
      if (!client || !session?.accountId) return undefined;
      const grant = new provider.Grant({ clientId: client.clientId, accountId: session.accountId });
      grant.addOIDCScope('openid profile email groups');
      await grant.save();
      return grant;
    },
  };
}

const MOST_STEPS = 10;

/** A browser of its own for each visit: follows redirects with their cookies until they leave the provider. */
async function followBack(address: URL, issuer: string): Promise<URL> {
  const jar = new Map<string, string>();
  let at = address;
  for (let step = 0; step < MOST_STEPS; step += 1) {
    if (at.origin !== issuer) return at;
    const cookie = [...jar].map((pair) => pair.join('=')).join('; ');
    const reply = await fetch(at, { redirect: 'manual', headers: { cookie } });
    for (const set of reply.headers.getSetCookie()) {
      const [name = '', value = ''] = set.split(';', 1)[0]?.split('=') ?? [];
      jar.set(name, value);
    }
    const location = reply.headers.get('location');
    if (!location) throw new Error(`the provider answered ${reply.status}: ${await reply.text()}`);
    at = new URL(location, at);
  }
  throw new Error('the provider sends the browser round in circles');
}
