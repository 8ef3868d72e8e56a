import { createReadStream } from 'node:fs';
import { type NmapRun, readNmapXml } from '../../formats/nmap/parse.ts';

/** A file of nmap XML, read to its end or as far as it is whole. */
export interface NmapFile {
  readonly name: string;
  readonly run: NmapRun;
}

export type NmapFileOutcome =
  /** `warning`: what the file lacks, with its place. */
  | { readonly ok: true; readonly file: NmapFile; readonly warning?: string }
  | { readonly ok: false; readonly problem: string };

/** The name by which a person means standard input. */
export const STANDARD_INPUT = '-';

/** Reads a file as a stream; `-` is `input`. All that can be wrong is answered, with its place. */
export async function readNmapFile(
  path: string,
  input: () => AsyncIterable<Uint8Array>,
): Promise<NmapFileOutcome> {
  const name = path === STANDARD_INPUT ? 'standard input' : path;
  const place = { line: 1, column: 1 };
  try {
    const bytes = path === STANDARD_INPUT ? input() : createReadStream(path);
    return decideOutcome({ name, run: await readNmapXml(follow(bytes, place)) }, place);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error;
    return { ok: false, problem: `${name}: ${describeFailure(String(error.code), error)}` };
  }
}

interface Place {
  line: number;
  column: number;
}

/** Notes where the bytes that went by end. Columns count bytes. */
async function* follow(bytes: AsyncIterable<Uint8Array>, place: Place): AsyncGenerator<Uint8Array> {
  for await (const chunk of bytes) {
    for (let at = chunk.indexOf(NEW_LINE); at >= 0; at = chunk.indexOf(NEW_LINE, at + 1))
      place.line += 1;
    const last = chunk.lastIndexOf(NEW_LINE);
    place.column = last < 0 ? place.column + chunk.length : chunk.length - last;
    yield chunk;
  }
}

const NEW_LINE = 10;

function decideOutcome(file: NmapFile, place: Place): NmapFileOutcome {
  const { name, run } = file;
  const { problem, truncated, snapshot } = run;
  if (problem)
    return {
      ok: false,
      problem: `${name}, line ${problem.line}, column ${problem.column + 1}: ${problem.message}. Give a file that nmap wrote with -oX or -oA.`,
    };
  if (truncated && run.scanner === '')
    return {
      ok: false,
      problem: `${name}, line ${place.line}, column ${place.column}: it ends before anything of nmap. Give a file that nmap wrote with -oX or -oA.`,
    };
  if (truncated)
    return {
      ok: true,
      file,
      warning: `${name}, line ${place.line}, column ${place.column}: the file ends before its last tag. Only what is whole counts (hosts: ${snapshot.hosts.length}).`,
    };
  if (run.exit === 'error')
    return {
      ok: true,
      file,
      warning: `${name}: the scan did not end well${run.errorMessage ? ` (${run.errorMessage})` : ''}. Only what it finished counts (hosts: ${snapshot.hosts.length}).`,
    };
  return { ok: true, file };
}

function describeFailure(code: string, error: Error): string {
  return (
    {
      ENOENT: 'there is no such file',
      EISDIR: 'that is a folder; give a file that nmap wrote with -oX or -oA',
      EACCES: 'you may not read this file',
    }[code] ?? `it cannot be read (${error.message})`
  );
}
