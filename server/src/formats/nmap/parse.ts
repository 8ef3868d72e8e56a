import type { Readable } from 'node:stream';
import type { Snapshot } from '@netdelta/core/snapshot/snapshot.ts';
import { createHostList } from '../host-list.ts';
import type { ReadingProblem } from '../place.ts';
import { createTextReader } from '../text-reader.ts';
import { createXmlReader } from '../xml/read-xml.ts';
import { createDocuments } from './documents.ts';
import type { NmapReaderListener } from './elements.ts';
import type { NmapRunFacts } from './run-facts.ts';

export type { NmapRunFacts } from './run-facts.ts';

export interface NmapRun extends NmapRunFacts {
  readonly snapshot: Snapshot;
}

/** A push reader: bytes go in, in pieces of any size; hosts come out to the listener. */
export interface NmapReader {
  readonly write: (chunk: Uint8Array) => void;
  /** The first problem, if any: nothing after it is read. */
  readonly problem: () => ReadingProblem | undefined;
  readonly end: () => NmapRunFacts;
}

/**
 * Reads the XML output of nmap (nmap.dtd, 1.00 to 1.05) and of masscan (-oX) as a stream. nmap's
 * hosts come when their elements close, in constant memory; masscan's at the end (see
 * createHostCollection). DOCTYPE and stylesheet lines are accepted and ignored; entity declarations
 * are refused. Never throws: whatever cannot be read is a problem with its line and column, and
 * what came before it stands.
 */
export function createNmapReader(listener: NmapReaderListener): NmapReader {
  const documents = createDocuments(listener);
  const text = createTextReader(createXmlReader(documents.listener));
  return {
    write: text.write,
    problem: text.problem,
    end: () => {
      const { warnings } = text.end();
      return documents.end({ problem: text.problem(), warnings });
    },
  };
}

/** Reads a whole document and keeps its hosts: for files. The last word on an address counts. */
export async function readNmapXml(stream: Readable | AsyncIterable<Uint8Array>): Promise<NmapRun> {
  const { listener, list } = createHostList();
  const reader = createNmapReader(listener);
  for await (const chunk of stream as AsyncIterable<Uint8Array>) {
    reader.write(chunk);
    if (reader.problem()) break;
  }
  const facts = reader.end();
  return { ...facts, snapshot: list() };
}
