import { hkdfSync } from 'node:crypto';

/** What one secret key gives, each for one purpose (HKDF, RFC 5869). */
export interface SecretKey {
  /** 12 hex digits that say which key it is and nothing about it. */
  readonly id: string;
  /** 32 bytes, for AES-256. */
  readonly sealing: Buffer;
  /** 64 hex digits: signs the cookies of sessions. */
  readonly signing: string;
  /** As it was configured. */
  readonly text: string;
}

/** The key of now, and all that may be read with, that one first. */
export interface SecretKeys {
  readonly current: SecretKey;
  readonly all: readonly SecretKey[];
}

/** The texts as they are configured, the current one first; the same text twice is one key. */
export function deriveKeys([current, ...earlier]: readonly [string, ...string[]]): SecretKeys {
  const first = deriveKey(current);
  const others = [...new Set(earlier)].filter((text) => text !== current).map(deriveKey);
  return { current: first, all: [first, ...others] };
}

export function findKey({ all }: SecretKeys, id: string): SecretKey | undefined {
  return all.find((key) => key.id === id);
}

function deriveKey(text: string): SecretKey {
  const derive = (purpose: string, bytes: number) =>
    Buffer.from(hkdfSync('sha256', text, 'netdelta', purpose, bytes));
  return {
    id: derive('key id', 6).toString('hex'),
    sealing: derive('sealing', 32),
    signing: derive('signing', 32).toString('hex'),
    text,
  };
}
