import { randomBytes } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { hashToken } from '../one-time-link.ts';

/**
 * `ndk_`, 256 random bits, and a checksum (CRC-32), in hex: programs that look for leaked secrets
 * know it by `ndk_[0-9a-f]{72}`, and one that was copied badly is known without asking the database.
 */
const FORM = /^ndk_([0-9a-f]{64})([0-9a-f]{8})$/;
const SECRET_BYTES = 32;
const HINT_LENGTH = 10;

export interface NewKeyToken {
  /** Shown once, stored never. */
  readonly token: string;
  readonly tokenHash: Buffer;
  /** The first characters, by which its owner knows it again. */
  readonly hint: string;
}

export function createKeyToken(): NewKeyToken {
  const secret = randomBytes(SECRET_BYTES).toString('hex');
  const token = `ndk_${secret}${checksumOf(secret)}`;
  return { token, tokenHash: hashToken(token), hint: token.slice(0, HINT_LENGTH) };
}

/** The hash under which a key is stored; null for what is no key at all. */
export function hashKeyToken(token: string): Buffer | null {
  const [, secret = '', checksum] = FORM.exec(token) ?? [];
  return checksum !== undefined && checksumOf(secret) === checksum ? hashToken(token) : null;
}

function checksumOf(secret: string): string {
  return crc32(secret).toString(16).padStart(8, '0');
}
