/** The kinds of pictures that are taken: what no browser runs. */
export const IMAGE_TYPES = ['image/png', 'image/jpeg', 'image/webp'] as const;
export type ImageType = (typeof IMAGE_TYPES)[number];

/** Of a logo, in bytes. */
export const MOST_LOGO_BYTES = 256 * 1_024;

const PNG = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
const JPEG = [0xff, 0xd8, 0xff];
const RIFF = [0x52, 0x49, 0x46, 0x46];
const WEBP = [0x57, 0x45, 0x42, 0x50];

/**
 * What a picture is by its first bytes, whatever somebody calls it (PNG: ISO 15948 5.2; JPEG: ITU T.81
 * B.1.1.3; WebP: RFC 9649 2.4). Null: none of those that are taken.
 */
export function readImageType(bytes: Uint8Array): ImageType | null {
  if (holdsAt(bytes, 0, PNG)) return 'image/png';
  if (holdsAt(bytes, 0, JPEG)) return 'image/jpeg';
  return holdsAt(bytes, 0, RIFF) && holdsAt(bytes, 8, WEBP) ? 'image/webp' : null;
}

function holdsAt(bytes: Uint8Array, at: number, wanted: readonly number[]): boolean {
  return wanted.every((byte, index) => bytes[at + index] === byte);
}
