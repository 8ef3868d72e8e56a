import { createHash, randomBytes } from 'node:crypto';

const TOKEN_BYTES = 32;

/** A token of 256 random bits, 43 characters, and the hash under which it is stored. */
export function createToken(): { readonly token: string; readonly tokenHash: Buffer } {
  const token = randomBytes(TOKEN_BYTES).toString('base64url');
  return { token, tokenHash: hashToken(token) };
}

/** SHA-256: so many random bits need no slow hash. */
export function hashToken(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}

/** The address of a page as people reach it, below a proxy's path too; with the token in its query. */
export function linkTo(baseUrl: URL, path: string, token: string): URL {
  const link = new URL(path, baseUrl.href.endsWith('/') ? baseUrl : `${baseUrl.href}/`);
  link.searchParams.set('token', token);
  return link;
}
