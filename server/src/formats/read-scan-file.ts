import { createReadStream } from 'node:fs';
import type { NmapReaderListener } from './nmap/elements.ts';
import type { ReadingProblem } from './place.ts';
import { createScanFileReader, type ScanFacts } from './scan-file.ts';
import { unpack } from './unpack.ts';

/** A file to be read, or what comes from elsewhere, under the name that messages give it. */
export interface ScanSource {
  readonly name: string;
  readonly bytes: AsyncIterable<Uint8Array>;
}

/** How reading went. What the listener heard before a problem stands. */
export type ScanFileOutcome =
  /** `warning`: what the file lacks, with its place. */
  | { readonly ok: true; readonly facts: ScanFacts; readonly warning?: string }
  /** `problem`: file, line, column, what is wrong, what to do. */
  | { readonly ok: false; readonly facts: ScanFacts; readonly problem: string };

/** The name by which a person means standard input. */
const STANDARD_INPUT = '-';

/** Opens a file by its path; `-` is `input`. Nothing is opened before it is read. */
export function openScanFile(path: string, input: () => AsyncIterable<Uint8Array>): ScanSource {
  if (path === STANDARD_INPUT) return { name: 'standard input', bytes: input() };
  return { name: path, bytes: createReadStream(path) };
}

/**
 * Reads a scan file to its end or as far as it is whole, packed by gzip or zstd or not, in constant
 * memory (see createScanFileReader for what comes when). All that can be wrong with a file is answered,
 * with its place; only the listener's own errors are thrown.
 */
export async function readScanFile(
  { name, bytes }: ScanSource,
  listener: NmapReaderListener,
): Promise<ScanFileOutcome> {
  let hosts = 0;
  const reader = createScanFileReader({
    ...listener,
    onHost: (outcome) => {
      if (outcome.kind === 'seen') hosts += 1;
      listener.onHost(outcome);
    },
  });
  let failure: string | undefined;
  try {
    for await (const chunk of unpack(bytes)) {
      reader.write(chunk);
      if (reader.problem()) break;
    }
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error;
    failure = describeFailure(String(error.code), error);
  }
  const facts = reader.end();
  const place = reader.place();
  const at = `${name}, line ${place.line}, column ${place.column + 1}`;
  if (facts.problem) return { ok: false, facts, problem: describeProblem(name, facts.problem) };
  if (failure !== undefined) return { ok: false, facts, problem: `${name}: ${failure}.` };
  return decideOutcome({ name, at, hosts }, facts);
}

const GIVE = 'Give XML of nmap (-oX, -oA), or XML, JSON or a list of masscan (-oX, -oJ, -oD, -oL).';

function describeProblem(name: string, { line, column, message }: ReadingProblem): string {
  return `${name}, line ${line}, column ${column + 1}: ${message}. ${GIVE}`;
}

function decideOutcome(
  { name, at, hosts }: { name: string; at: string; hosts: number },
  facts: ScanFacts,
): ScanFileOutcome {
  if (facts.format === null)
    return { ok: false, facts, problem: `${at}: it ends before anything of a scan. ${GIVE}` };
  const { truncated, exit, errorMessage, warnings = [] } = facts;
  const lacks = [
    ...(truncated
      ? [
          `${at}: the file ends before its last ${facts.format?.endsWith('xml') ? 'tag' : 'words'}. Only what is whole counts (hosts: ${hosts}).`,
        ]
      : []),
    ...(exit === 'error'
      ? [
          `${name}: the scan did not end well${errorMessage ? ` (${errorMessage})` : ''}. Only what it finished counts (hosts: ${hosts}).`,
        ]
      : []),
    ...warnings.map((warning) => `${name}: ${warning}.`),
  ];
  return { ok: true, facts, ...(lacks.length > 0 && { warning: lacks.join(' ') }) };
}

function describeFailure(code: string, error: Error): string {
  if (/^(Z_|ZSTD_)/.test(code)) return `its packing is damaged (${error.message}); pack it anew`;
  return (
    {
      ENOENT: 'there is no such file',
      EISDIR: 'that is a folder; give a file',
      EACCES: 'you may not read this file',
    }[code] ?? `it cannot be read (${error.message})`
  );
}
