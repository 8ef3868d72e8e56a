import type { NmapReaderListener } from './nmap/elements.ts';
import { describeFailure, type ScanSource } from './open-scan-file.ts';
import type { ReadingProblem } from './place.ts';
import { createScanFileReader, type ScanFacts } from './scan-file.ts';
import { unpack } from './unpack.ts';

/** How reading went. What the listener heard before a problem stands. */
export type ScanFileOutcome =
  /** `warning`: what the file lacks, with its place. */
  | { readonly ok: true; readonly facts: ScanFacts; readonly warning?: string }
  /** `problem`: file, line, column, what is wrong, what to do. */
  | { readonly ok: false; readonly facts: ScanFacts; readonly problem: string };

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
    failure = describeFailure(error, String(error.code));
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
