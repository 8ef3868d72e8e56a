import { isAscii } from 'node:buffer';
import { UnreadableScan } from './unreadable.ts';

/** A push decoder. Until the encoding is known it holds the bytes back. */
export interface TextDecoding {
  readonly write: (chunk: Uint8Array) => string;
  readonly end: () => string;
  /** The name of the encoding, as TextDecoder knows it. */
  readonly encoding: () => string;
  /** Whether bytes came that are no text in it; each was read as U+FFFD. */
  readonly damaged: () => boolean;
}

/** An XML declaration is found within so many bytes (XML 1.0, appendix F). */
const HEAD_BYTES = 1_024;
const DECLARED = /^\s*<\?xml\s[^>]*?\sencoding\s*=\s*["']([\w.:-]+)["']/;
const MARKS: readonly (readonly [mark: readonly number[], encoding: string])[] = [
  [[0xef, 0xbb, 0xbf], 'utf-8'],
  [[0xff, 0xfe], 'utf-16le'],
  [[0xfe, 0xff], 'utf-16be'],
  [[0x3c, 0x00], 'utf-16le'],
  [[0x00, 0x3c], 'utf-16be'],
];

/**
 * Decodes text by its byte order mark, by `<` in UTF-16, by the encoding that an XML declaration
 * names (all of the WHATWG Encoding Standard; iso-8859-1 and us-ascii are read as windows-1252, as
 * it says), or else as UTF-8. The mark is not part of the text. Throws an error with a message
 * for people when the declared encoding is unknown.
 */
export function createTextDecoding(): TextDecoding {
  let decoder: ReturnType<typeof createDecoder> | undefined;
  let head = Buffer.alloc(0);
  const begin = (): string => {
    decoder = createDecoder(findEncoding(head));
    return decoder.write(head);
  };
  return {
    write: (chunk) => {
      if (decoder) return decoder.write(chunk);
      head = Buffer.concat([head, chunk]);
      return head.length >= HEAD_BYTES || head.includes('>') || head.includes('\n') ? begin() : '';
    },
    end: () => (decoder ? '' : begin()) + (decoder?.end() ?? ''),
    encoding: () => decoder?.encoding ?? '',
    damaged: () => decoder?.damaged() ?? false,
  };
}

function findEncoding(head: Buffer): string {
  const marked = MARKS.find(([mark]) => mark.every((byte, at) => head[at] === byte));
  if (marked) return marked[1];
  const declared = DECLARED.exec(head.toString('latin1', 0, HEAD_BYTES))?.[1] ?? 'utf-8';
  // Whoever can read this declaration byte by byte does not read UTF-16, whatever it says.
  return /^(utf|ucs)-?(16|2)/i.test(declared) ? 'utf-8' : declared;
}

function createDecoder(label: string) {
  const decoder = openDecoder(label);
  const utf8 = decoder.encoding === 'utf-8';
  let damaged = false;
  let rest = Buffer.alloc(0);
  let pending = true;
  const decode = (chunk: Uint8Array, stream: boolean): string => {
    const text = decoder.decode(chunk, { stream });
    if (!damaged && text.includes('\ufffd')) damaged = !(utf8 && holdsMark(rest, chunk));
    rest = Buffer.concat([rest, chunk.subarray(-2)]).subarray(-2);
    return text;
  };
  return {
    encoding: decoder.encoding,
    damaged: () => damaged,
    write: (chunk: Uint8Array): string => {
      // Most chunks are plain ASCII, which needs no decoding, unless a letter is not yet whole.
      if (utf8 && !pending && isAscii(chunk)) return asBuffer(chunk).toString('latin1');
      const text = decode(chunk, true);
      pending = (chunk.at(-1) ?? 0x80) >= 0x80;
      return text;
    },
    end: () => decode(Buffer.alloc(0), false),
  };
}

function openDecoder(label: string) {
  try {
    return new TextDecoder(label);
  } catch (cause) {
    throw new UnreadableScan(
      `the encoding "${label}" is not known; save the file in UTF-8 and say so in its first line`,
      { cause },
    );
  }
}

/** U+FFFD itself, in UTF-8, is no damage. */
function holdsMark(rest: Buffer, chunk: Uint8Array): boolean {
  return Buffer.concat([rest, chunk]).includes('\ufffd');
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
