import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { createNmapReader, type NmapRunFacts } from '../formats/nmap/parse.ts';

/** A file of a scan that others made: what it says of itself, without its hosts. */
export interface InspectedFile {
  /** As a person named it. */
  readonly name: string;
  readonly path: string;
  /** SHA-256 of what it holds. */
  readonly digest: Buffer;
  readonly bytes: number;
  readonly run: Pick<NmapRunFacts, 'scanner' | 'version' | 'args' | 'services'>;
  /** When the scan began and ended; null: the file does not say. */
  readonly startedAt: Date | null;
  readonly endedAt: Date | null;
  /** Whether the scanner could send raw packets, which decides how it asks who is up. */
  readonly privileged: boolean;
}

export type Inspection =
  | { readonly ok: true; readonly file: InspectedFile }
  /** `foreign`: it does not even begin as a scan does. */
  | { readonly ok: false; readonly problem: string; readonly foreign: boolean };

export const CHUNK_BYTES = 1 << 18;
const HEAD_BYTES = 1 << 18;
const TAIL_BYTES = 1 << 14;

/**
 * Reads a file once, quickly: its digest, and from its beginning and end what the scan says of
 * itself. Whether all between can be read shows when it is judged.
 */
export async function inspectFile(file: { name: string; path: string }): Promise<Inspection> {
  try {
    return describeFile(file, await skim(file.path));
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error;
    const problem = `${file.name}: ${describeFailure(String(error.code), error)}`;
    return { ok: false, foreign: false, problem };
  }
}

interface Skimmed {
  readonly digest: Buffer;
  readonly bytes: number;
  readonly head: Buffer;
  readonly tail: string;
}

async function skim(path: string): Promise<Skimmed> {
  const hash = createHash('sha256');
  const head: Buffer[] = [];
  let tail = Buffer.alloc(0);
  let bytes = 0;
  for await (const chunk of createReadStream(path, { highWaterMark: CHUNK_BYTES })) {
    hash.update(chunk);
    if (bytes < HEAD_BYTES) head.push(chunk);
    tail = Buffer.concat([tail, chunk]).subarray(-TAIL_BYTES);
    bytes += chunk.length;
  }
  return { digest: hash.digest(), bytes, head: Buffer.concat(head), tail: tail.toString('latin1') };
}

function describeFile(file: { name: string; path: string }, skimmed: Skimmed): Inspection {
  const { head, tail, digest, bytes } = skimmed;
  const reader = createNmapReader({ onHost: () => undefined });
  reader.write(head);
  const problem = reader.problem();
  const { scanner, version, args, services, start, end } = reader.end();
  if (scanner === '')
    return { ok: false, foreign: true, problem: describeForeign(file.name, problem) };
  const known = end ?? lastOf(tail, ENDED) ?? lastOf(tail, HOST_ENDED);
  return {
    ok: true,
    file: {
      ...{ ...file, digest, bytes, run: { scanner, version, args, services } },
      startedAt: toDate(start ?? known),
      endedAt: toDate(known ?? start),
      privileged: isPrivileged(args, head.toString('latin1')),
    },
  };
}

const ENDED = /<finished time="(\d{1,12})"/g;
const HOST_ENDED = /<host [^>]*\bendtime="(\d{1,12})"/g;

function lastOf(text: string, pattern: RegExp): number | null {
  const seconds = [...text.matchAll(pattern)].at(-1)?.[1];
  return seconds === undefined ? null : Number(seconds);
}

function toDate(seconds: number | null): Date | null {
  return seconds === null ? null : new Date(seconds * 1000);
}

/** Words and answers that only raw packets have; and those of plain connects. */
const RAW_WORDS = /\s(-s[SUFNXAWMYOI]|-O|-A|-PE|-PP|-PR|--privileged)\b/;
const RAW = /<scaninfo type="(?!connect)|reason="(echo-reply|timestamp-reply|arp-response|reset)"/;
const PLAIN = /<scaninfo type="connect"|reason="conn-refused"/;

function isPrivileged(args: string, head: string): boolean {
  if (/\s--unprivileged\b/.test(args)) return false;
  return RAW_WORDS.test(args) || RAW.test(head) || !PLAIN.test(head);
}

function describeForeign(
  name: string,
  problem: { message: string; line: number; column: number } | undefined,
): string {
  const place = problem ? `, line ${problem.line}, column ${problem.column + 1}` : '';
  const what = problem?.message ?? 'it ends before anything of a scan';
  return `${name}${place}: ${what}. Give a file that nmap wrote with -oX or -oA.`;
}

function describeFailure(code: string, error: Error): string {
  return (
    {
      ENOENT: 'there is no such file',
      EACCES: 'you may not read this file',
    }[code] ?? `it cannot be read (${error.message})`
  );
}
