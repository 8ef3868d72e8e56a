import {
  createHash,
  createSign,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
} from 'node:crypto';
import { isoCBOR } from '@simplewebauthn/server/helpers';

const PRESENT = 0x01;
const VERIFIED = 0x04;
const HAS_CREDENTIAL = 0x40;

interface Options {
  readonly challenge: string;
  readonly [more: string]: unknown;
}

/** What may be wrong with an answer. */
interface Twist {
  readonly origin: string;
  readonly hostName: string;
  readonly verified: boolean;
  readonly key: KeyObject;
  readonly userHandle: string;
  readonly type: string;
}

/**
 * Test data: a passkey in software (Web Authentication, level 3, 6), which counts its signatures. It
 * does as it is told: also what no browser would do.
 */
export function createAuthenticator(origin: string) {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const credentialId = randomBytes(32);
  const honest = { origin, hostName: new URL(origin).hostname, verified: true, key: privateKey };
  let signatures = 0;
  let userHandle = '';
  const data = ({ hostName, verified }: Pick<Twist, 'hostName' | 'verified'>, flags = 0) => {
    const head = Buffer.alloc(5);
    head.writeUInt8(PRESENT | (verified ? VERIFIED : 0) | flags, 0);
    head.writeUInt32BE(signatures, 1);
    return Buffer.concat([sha256(hostName), head]);
  };
  const id = credentialId.toString('base64url');
  const head = { id, rawId: id, type: 'public-key' as const };
  return {
    credentialId,
    /** As if a copy of it had been made before it last signed. */
    forget: (count: number) => {
      signatures -= count;
    },
    make: (options: Options, twist: Partial<Twist> = {}) => {
      userHandle = (options.user as { id: string }).id;
      const told = { ...honest, type: 'webauthn.create', ...twist };
      const length = Buffer.alloc(2);
      length.writeUInt16BE(credentialId.length);
      const authData = Buffer.concat([
        ...[data(told, HAS_CREDENTIAL), Buffer.alloc(16), length, credentialId, coseOf(publicKey)],
      ]);
      const attestation = new Map<string, unknown>([
        ['fmt', 'none'],
        ['attStmt', new Map()],
        ['authData', new Uint8Array(authData)],
      ]);
      const attestationObject = Buffer.from(isoCBOR.encode(attestation as never));
      return {
        ...head,
        response: {
          clientDataJSON: clientData(told, options).toString('base64url'),
          attestationObject: attestationObject.toString('base64url'),
          transports: ['internal'],
        },
      };
    },
    sign: (options: Options, twist: Partial<Twist> = {}) => {
      signatures += 1;
      const told = { ...honest, type: 'webauthn.get', userHandle, ...twist };
      const [authData, client] = [data(told), clientData(told, options)];
      const signature = createSign('sha256').update(authData).update(sha256(client)).sign(told.key);
      return {
        ...head,
        response: {
          clientDataJSON: client.toString('base64url'),
          authenticatorData: authData.toString('base64url'),
          signature: signature.toString('base64url'),
          userHandle: told.userHandle,
        },
      };
    },
  };
}

export type Authenticator = ReturnType<typeof createAuthenticator>;

function clientData({ type, origin }: Pick<Twist, 'type' | 'origin'>, { challenge }: Options) {
  return Buffer.from(JSON.stringify({ type, challenge, origin, crossOrigin: false }));
}

function sha256(bytes: string | Buffer): Buffer {
  return createHash('sha256').update(bytes).digest();
}

/** ES256 as COSE_Key (RFC 9053, 7.1.1). */
function coseOf(key: KeyObject): Buffer {
  const { x = '', y = '' } = key.export({ format: 'jwk' });
  const bytes = (text: string) => new Uint8Array(Buffer.from(text, 'base64url'));
  const cose = new Map<number, number | Uint8Array>([
    ...([
      [1, 2],
      [3, -7],
      [-1, 1],
    ] as const),
    ...([
      [-2, bytes(x)],
      [-3, bytes(y)],
    ] as const),
  ]);
  return Buffer.from(isoCBOR.encode(cose as never));
}
