import { type PortSet, unionPorts } from '@netdelta/core/snapshot/port-set.ts';
import type { ReadingProblem } from '../place.ts';

/** What a run says of itself, apart from its hosts. Times are seconds since 1970. */
export interface NmapRunFacts extends RunHeading {
  /** How many documents the file holds (nmap --append-output), when that is not one. */
  readonly runs?: number;
  readonly problem?: ReadingProblem;
  /** What is odd in the file and was read nevertheless, one sentence each. */
  readonly warnings?: readonly string[];
}

/** What one document says of its run. */
export interface RunHeading {
  readonly scanner: string;
  readonly version: string;
  /** The command line; empty when the file does not say, or holds several runs that differ in it. */
  readonly args: string;
  readonly start: number | null;
  readonly end: number | null;
  /** The ports asked, by protocol (`<scaninfo>`). */
  readonly services: { readonly tcp: PortSet; readonly udp: PortSet };
  /** How the scanner says that it ended; null when the document ends before that. */
  readonly exit: 'success' | 'error' | null;
  readonly errorMessage?: string;
  /** The document ends before its last tag. */
  readonly truncated: boolean;
}

const NOTHING: RunHeading = {
  scanner: '',
  version: '',
  args: '',
  start: null,
  end: null,
  services: { tcp: [], udp: [] },
  exit: null,
  truncated: true,
};

/**
 * The facts of a file from those of its runs. Several runs count as one that began with the first
 * and ended with the last, and went well if all did.
 */
export function joinRuns(
  runs: readonly RunHeading[],
  { problem, warnings }: Pick<NmapRunFacts, 'problem' | 'warnings'>,
): NmapRunFacts {
  const [first = NOTHING, ...others] = runs;
  const several = others.length > 0 ? [`it holds ${runs.length} runs, which count as one`] : [];
  const all = [...several, ...(warnings ?? [])];
  return {
    ...others.reduce(joinTwo, first),
    ...(others.length > 0 && { runs: runs.length }),
    ...(all.length > 0 && { warnings: all }),
    ...(problem && { problem }),
  };
}

function joinTwo(one: RunHeading, other: RunHeading): RunHeading {
  const errorMessage = one.errorMessage ?? other.errorMessage;
  return {
    scanner: one.scanner || other.scanner,
    version: one.version || other.version,
    args: one.args === other.args ? one.args : '',
    start: pick(Math.min, one.start, other.start),
    end: pick(Math.max, one.end, other.end),
    services: {
      tcp: unionPorts(one.services.tcp, other.services.tcp),
      udp: unionPorts(one.services.udp, other.services.udp),
    },
    exit: joinExits(one.exit, other.exit),
    truncated: one.truncated || other.truncated,
    ...(errorMessage !== undefined && { errorMessage }),
  };
}

function joinExits(one: RunHeading['exit'], other: RunHeading['exit']): RunHeading['exit'] {
  if (one === 'error' || other === 'error') return 'error';
  return one && other;
}

function pick(
  choose: (one: number, other: number) => number,
  one: number | null,
  other: number | null,
): number | null {
  return one === null || other === null ? (one ?? other) : choose(one, other);
}
