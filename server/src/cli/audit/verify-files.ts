import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { type AuditLine, auditLine } from '@netdelta/core/api/audit.ts';
import type { AuditEntry } from '@netdelta/core/audit/entry.ts';
import { createLink } from '../../audit/check-chain.ts';
import type { Surroundings } from '../surroundings.ts';
import { report, type SiteCheck, watch } from './report.ts';

export interface VerifyOptions {
  readonly site?: string;
  readonly noted?: string;
  readonly json?: boolean;
}

/** Checks exported logs, without a database: of one site or of several, in one file or in pieces in their order. */
export async function verifyFiles(
  files: readonly string[],
  options: VerifyOptions,
  surroundings: Surroundings,
): Promise<void> {
  const { complain, exit } = surroundings;
  if (options.site !== undefined) {
    complain('--site is for the database: of files, all sites are checked.');
    return exit(2);
  }
  const chains = new Map<string, Chain>();
  let found = false;
  try {
    for await (const place of watch(readLines(files, surroundings), surroundings)) {
      const line = parseLine(place.text);
      if (line === null) {
        complain(`${place.file}:${place.line} is no line of an exported audit log.`);
        return exit(2);
      }
      const isWhole = add(chains, line);
      if (isWhole && line.hash === options.noted) found = true;
    }
  } catch (error) {
    complain(describe(error, surroundings.signal));
    return exit(3);
  }
  const checks = [...chains].map(([siteId, chain]) => toCheck(siteId, chain));
  exit(report(checks, { ...options, found }, surroundings));
}

interface Chain {
  readonly link: ReturnType<typeof createLink>;
  /** What is wrong with the first entry that is not as it was written. */
  wrong: string | null;
}

/** Whether the line is the next entry of its site. After one that is not, nothing of that site counts. */
function add(chains: Map<string, Chain>, line: AuditLine): boolean {
  const chain = chains.get(line.siteId) ?? { link: createLink(), wrong: null };
  chains.set(line.siteId, chain);
  const { hash, sentence: _sentence, ...entry } = line;
  chain.wrong ??= chain.link.add({ entry: entry as AuditEntry, hash: Buffer.from(hash, 'hex') });
  return chain.wrong === null;
}

function toCheck(siteId: string, { link, wrong }: Chain): SiteCheck {
  const broken = wrong === null ? null : { number: link.next(), message: wrong };
  return { site: null, siteId, ...link.end(broken) };
}

interface Line {
  readonly file: string;
  /** From 1 on. */
  readonly line: number;
  readonly text: string;
}

async function* readLines(files: readonly string[], { input }: Surroundings): AsyncGenerator<Line> {
  for (const file of files) {
    const stream = file === '-' ? Readable.from(input()) : createReadStream(file);
    let line = 0;
    // An error of the stream would not reach whoever reads its lines.
    const failed = new Promise<never>((_done, fail) => stream.once('error', fail));
    failed.catch(() => undefined);
    const lines = createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY });
    const iterator = lines[Symbol.asyncIterator]();
    for (;;) {
      const next = await Promise.race([iterator.next(), failed]);
      if (next.done) break;
      line += 1;
      if (next.value !== '') yield { file, line, text: next.value };
    }
  }
}

function parseLine(text: string): AuditLine | null {
  try {
    const line = JSON.parse(text);
    // As it is written, for that was hashed.
    return auditLine.safeParse(line).success ? line : null;
  } catch {
    return null;
  }
}

function describe(error: unknown, signal: AbortSignal): string {
  if (signal.aborted) return 'Stopped: nothing is said of what was not read.';
  return error instanceof Error ? error.message : String(error);
}
