import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { findKey, type SecretKey, type SecretKeys } from './secret-keys.ts';

/** Where a secret is stored. What is sealed for one place cannot be opened in another. */
export interface SecretPlace {
  readonly table: string;
  readonly column: string;
  /** Null: of the instance, as people are. */
  readonly siteId: string | null;
  /** What names the row within its table. */
  readonly row: string;
}

/** Keeps secrets that have to be stored and read again: what only has to be compared is hashed instead. */
export interface Vault {
  /** The text as it may be stored, sealed with the current key. @throws SecretKeyError */
  readonly seal: (text: string, place: SecretPlace) => Promise<string>;
  /** @throws SecretUnreadableError */
  readonly open: (sealed: string, place: SecretPlace) => Promise<string>;
}

/** A stored secret is not what was sealed for its place, or by a key that is not there. */
export class SecretUnreadableError extends Error {
  override readonly name = 'SecretUnreadableError';
  readonly code: 'secret-key-missing' | 'secret-damaged';
  readonly retryable = false;
  constructor(code: SecretUnreadableError['code'], message: string, cause?: unknown) {
    super(message, { cause });
    this.code = code;
  }
}

/**
 * Seals and opens with keys that may be exchanged while it works: they are read anew for each sealing
 * (so that no value is sealed with a key of yesterday) and when a value names a key that is not known.
 */
export function createVault(keys: SecretKeys, readAgain: () => Promise<SecretKeys>): Vault {
  let known = keys;
  return {
    seal: async (text, place) => {
      known = await readAgain();
      return sealWith(known.current, text, place);
    },
    open: async (sealed, place) => {
      const id = keyIdOf(sealed);
      if (id !== null && !findKey(known, id)) known = await readAgain();
      return openWith(known, sealed, place);
    },
  };
}

/** A vault whose keys nobody exchanges. */
export function createFixedVault(keys: SecretKeys): Vault {
  return createVault(keys, async () => keys);
}

/** `nd1.<id of the key>.<nonce, ciphertext and tag in base64url>` */
const SEALED = /^nd1\.([0-9a-f]{12})\.([\w-]+)$/;
const CIPHER = 'aes-256-gcm';
/** 96 random bits: NIST SP 800-38D allows 2³² sealings with one key. */
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** The id of the key that a value was sealed with; null for what was never sealed. */
export function keyIdOf(stored: string): string | null {
  return SEALED.exec(stored)?.[1] ?? null;
}

function sealWith({ id, sealing }: SecretKey, text: string, place: SecretPlace): string {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(CIPHER, sealing, nonce).setAAD(boundTo(place));
  const body = Buffer.concat([nonce, cipher.update(text, 'utf8'), cipher.final()]);
  return `nd1.${id}.${Buffer.concat([body, cipher.getAuthTag()]).toString('base64url')}`;
}

function openWith(keys: SecretKeys, sealed: string, place: SecretPlace): string {
  const [, id = '', packed = ''] = SEALED.exec(sealed) ?? [];
  const key = findKey(keys, id);
  const bytes = Buffer.from(packed, 'base64url');
  if (id && !key) throw keyMissing(id, place);
  // base64 has several texts for the same bytes: only ours is what was sealed.
  if (!key || bytes.length < NONCE_BYTES + TAG_BYTES || bytes.toString('base64url') !== packed)
    throw damaged(place);
  const decipher = createDecipheriv(CIPHER, key.sealing, bytes.subarray(0, NONCE_BYTES))
    .setAAD(boundTo(place))
    .setAuthTag(bytes.subarray(-TAG_BYTES));
  try {
    const text = decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES));
    return Buffer.concat([text, decipher.final()]).toString('utf8');
  } catch (error) {
    throw damaged(place, error);
  }
}

function boundTo({ table, column, siteId, row }: SecretPlace): Buffer {
  return Buffer.from(JSON.stringify([table, column, siteId, row]));
}

function keyMissing(id: string, place: SecretPlace): SecretUnreadableError {
  return new SecretUnreadableError(
    'secret-key-missing',
    `${describePlace(place)} was sealed with the secret key ${id}, which this NetDelta does not have. ` +
      'Give it that key in NETDELTA_OLD_SECRET_KEYS; "netdelta secrets check" says more.',
  );
}

function damaged(place: SecretPlace, cause?: unknown): SecretUnreadableError {
  return new SecretUnreadableError(
    'secret-damaged',
    `${describePlace(place)} is not what was sealed there: it was changed, or moved from elsewhere. ` +
      'It has to be set anew; "netdelta secrets check" says how.',
    cause,
  );
}

function describePlace({ table, column, row }: SecretPlace): string {
  return `The ${column} of ${row} in ${table}`;
}
