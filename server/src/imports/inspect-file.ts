import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import type { NmapRunFacts } from '../formats/nmap/run-facts.ts';
import { readScanFile } from '../formats/read-scan-file.ts';
import type { ScanFacts } from '../formats/scan-file.ts';
import { unpack } from '../formats/unpack.ts';

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

const HEAD_BYTES = 1 << 18;
const TAIL_BYTES = 1 << 14;

/** The bytes of a scan file, unpacked, as they are asked for. */
export function openScan(path: string): AsyncIterable<Uint8Array> {
  return unpack(createReadStream(path, { highWaterMark: PIECE_BYTES }));
}

/** Small enough that Postgres is not kept waiting while one is read. */
const PIECE_BYTES = 1 << 16;

/**
 * Reads a file once, quickly: its digest, and from its beginning and end what the scan says of
 * itself. Whether all between can be read shows when it is judged.
 */
export async function inspectFile(file: { name: string; path: string }): Promise<Inspection> {
  const read = await skim(file);
  return 'problem' in read ? { ok: false, ...read } : { ok: true, file: describeFile(file, read) };
}

interface Skimmed {
  readonly digest: Buffer;
  readonly bytes: number;
  readonly head: string;
  readonly tail: string;
  readonly facts: ScanFacts;
}

async function skim(file: {
  name: string;
  path: string;
}): Promise<Skimmed | { problem: string; foreign: boolean }> {
  const hash = createHash('sha256');
  const head: Buffer[] = [];
  let tail = Buffer.alloc(0);
  let bytes = 0;
  async function* follow() {
    for await (const chunk of openScan(file.path)) {
      hash.update(chunk);
      if (bytes < HEAD_BYTES) head.push(Buffer.from(chunk));
      tail = joinTail(tail, chunk);
      bytes += chunk.length;
      // masscan tells its times with its hosts; the hosts of nmap between are passed over.
      if (bytes <= HEAD_BYTES || !isNmap) yield chunk;
    }
  }
  let isNmap = false;
  const onHost = () => {
    isNmap = true;
  };
  const outcome = await readScanFile({ name: file.name, bytes: follow() }, { onHost });
  const { facts } = outcome;
  if (!outcome.ok && (facts.format === null || bytes <= HEAD_BYTES))
    return { problem: outcome.problem, foreign: facts.format === null && bytes > 0 };
  const texts = { head: Buffer.concat(head).toString('latin1'), tail: tail.toString('latin1') };
  return { digest: hash.digest(), bytes, facts, ...texts };
}

function joinTail(tail: Buffer, chunk: Uint8Array): Buffer<ArrayBuffer> {
  const all = chunk.length >= TAIL_BYTES ? Buffer.from(chunk) : Buffer.concat([tail, chunk]);
  return Buffer.from(all.subarray(-TAIL_BYTES));
}

function describeFile(file: { name: string; path: string }, skimmed: Skimmed): InspectedFile {
  const { head, tail, digest, bytes, facts } = skimmed;
  const { scanner, version, args, services, start } = facts;
  const end = lastOf(tail, ENDED) ?? facts.end ?? lastOf(tail, HOST_ENDED);
  return {
    ...{ ...file, digest, bytes, run: { scanner, version, args, services } },
    startedAt: toDate(start ?? end),
    endedAt: toDate(end ?? start),
    privileged: isPrivileged(args, head),
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
