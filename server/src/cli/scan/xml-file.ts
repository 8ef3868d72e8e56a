import { rename, rm, writeFile } from 'node:fs/promises';
import type { NmapRunFacts } from '../../formats/nmap/parse.ts';
import { writeScanXml } from '../../formats/nmap/write-xml.ts';
import type { NmapFile } from '../looks/read-nmap-file.ts';
import type { ShardsResult } from './run-shards.ts';

type TimedResult = ShardsResult & { readonly startedAt: number; readonly endedAt: number };

interface XmlFile {
  readonly ok: true;
  /** Answers with a sentence when it could not be written. */
  readonly write: (facts: NmapRunFacts, result: ShardsResult) => Promise<string | null>;
  readonly discard: () => Promise<void>;
}

/**
 * Makes sure, before anything is scanned, that the file can be written. It takes its name only when
 * it is whole, so that an earlier one (the baseline, perhaps) stays until then.
 */
export async function openXmlFile(
  name: string,
): Promise<XmlFile | { readonly ok: false; readonly problem: string }> {
  const draft = `${name}.part`;
  try {
    await writeFile(draft, '');
  } catch (error) {
    return { ok: false, problem: describeRefusal(name, error) };
  }
  return {
    ok: true,
    discard: () => rm(draft, { force: true }),
    write: async (facts, result) => {
      try {
        await writeFile(draft, result.output ?? writeScanXml(toWritten(facts, result)));
        await rename(draft, name);
        return null;
      } catch (error) {
        return describeRefusal(name, error);
      }
    },
  };
}

/** The scan that was just made, as if it had been read from a file. */
export function toNmapFile(result: TimedResult): NmapFile {
  const { command, snapshot, version, end } = result;
  return {
    name: 'this scan',
    run: {
      scanner: result.engine === 'nmap' ? 'nmap' : 'netdelta',
      version,
      args: command.join(' '),
      start: Math.floor(result.startedAt / 1000),
      end: Math.floor(result.endedAt / 1000),
      services: { tcp: [], udp: [] },
      exit: end === 'finished' ? 'success' : 'error',
      truncated: false,
      snapshot,
    },
  };
}

function toWritten(facts: NmapRunFacts, { snapshot }: ShardsResult) {
  const { scanner, version, args, start, end, exit } = facts;
  const finished = exit === 'success';
  return { scanner, version, args, start: start ?? 0, end: end ?? 0, finished, snapshot };
}

function describeRefusal(name: string, error: unknown): string {
  const why = error instanceof Error ? error.message : String(error);
  return `${name} cannot be written (${why}). Choose another file for --xml.`;
}
