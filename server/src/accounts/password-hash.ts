import { argon2, randomBytes, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import { verifyPassword } from 'better-auth/crypto';

/** KiB, passes, lanes: 64 MiB and about 0.1 s, three times what OWASP asks at least (decision 24). */
const COST = { memory: 65_536, passes: 2, parallelism: 1 } as const;
const SALT_BYTES = 16;
const HASH_BYTES = 32;
const PREFIX = `$argon2id$v=19$m=${COST.memory},t=${COST.passes},p=${COST.parallelism}$`;
const PHC =
  /^\$argon2id\$v=19\$m=(\d{1,7}),t=(\d{1,3}),p=(\d{1,3})\$([A-Za-z0-9+/]{11,64})\$([A-Za-z0-9+/]{16,128})$/;

const run = promisify(argon2);

/** argon2id (RFC 9106) with a salt, as a PHC string. Works outside the main thread. */
export async function hashPassword(password: string): Promise<string> {
  const nonce = randomBytes(SALT_BYTES);
  const hash = await run('argon2id', {
    message: messageOf(password),
    nonce,
    tagLength: HASH_BYTES,
    ...COST,
  });
  return `${PREFIX}${encode(nonce)}$${encode(hash)}`;
}

/** Fits no password that anybody knows, and takes as long to find that out as a real one. */
export const NOBODYS_HASH: string = `${PREFIX}${'A'.repeat(22)}$${'A'.repeat(43)}`;

/** Also knows what better-auth hashed before (scrypt, `salt:hash`). A hash in no known form fits nothing. */
export async function isPasswordOf(hash: string, password: string): Promise<boolean> {
  if (!hash.startsWith('$')) return verifyPassword({ hash, password }).catch(() => false);
  const [, memory, passes, lanes, salt = '', expected = ''] = PHC.exec(hash) ?? [];
  if (!memory) return false;
  const tag = Buffer.from(expected, 'base64');
  const found = await run('argon2id', {
    message: messageOf(password),
    nonce: Buffer.from(salt, 'base64'),
    tagLength: tag.length,
    memory: Number(memory),
    passes: Number(passes),
    parallelism: Number(lanes),
  });
  return timingSafeEqual(found, tag);
}

/** Whether a hash was made at another cost, or in another way, than new ones are. */
export function isOutdated(hash: string): boolean {
  return !hash.startsWith(PREFIX);
}

/** The same password typed on another machine is the same text (as better-auth does it). */
function messageOf(password: string): Buffer {
  return Buffer.from(password.normalize('NFKC'));
}

/** PHC strings have no padding. */
function encode(bytes: Buffer): string {
  return bytes.toString('base64').replaceAll('=', '');
}
