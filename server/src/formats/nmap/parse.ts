import type { Readable } from 'node:stream';
import type { PortSet } from '@netdelta/core/snapshot/port-set.ts';
import type { HostObservation, Snapshot, UncoveredHost } from '@netdelta/core/snapshot/snapshot.ts';
import { SaxesParser } from 'saxes';
import { createHostDraft } from './draft.ts';
import {
  CLOSERS,
  MalformedNmapXml,
  type NmapReaderListener,
  OPENERS,
  type ReadingState,
} from './elements.ts';
import type { HostOutcome } from './host-outcome.ts';

/** Where and why a document could not be read further. Line and column count from 1 and 0. */
export interface XmlProblem {
  readonly message: string;
  readonly line: number;
  readonly column: number;
}

/** What a run says of itself, apart from its hosts. Times are seconds since 1970. */
export interface NmapRunFacts {
  readonly scanner: string;
  readonly version: string;
  readonly args: string;
  readonly start: number | null;
  readonly end: number | null;
  /** The ports asked, by protocol (`<scaninfo>`). */
  readonly services: { readonly tcp: PortSet; readonly udp: PortSet };
  /** How nmap says that it ended; null when the document ends before that. */
  readonly exit: 'success' | 'error' | null;
  readonly errorMessage?: string;
  /** The document ends before its last tag. */
  readonly truncated: boolean;
  readonly problem?: XmlProblem;
}

export interface NmapRun extends NmapRunFacts {
  readonly snapshot: Snapshot;
}

/** A push reader: bytes go in, in pieces of any size; hosts come out to the listener. */
export interface NmapReader {
  readonly write: (chunk: Uint8Array) => void;
  /** The first problem, if any: nothing after it is read. */
  readonly problem: () => XmlProblem | undefined;
  readonly end: () => NmapRunFacts;
}

/**
 * Reads nmap's XML output (nmap.dtd, 1.04 and 1.05) as a stream in constant memory. nmap's DOCTYPE
 * and stylesheet line are accepted and ignored; entity declarations are refused. Never throws:
 * whatever cannot be read is a problem with its line and column, and what came before it stands.
 */
export function createNmapReader(listener: NmapReaderListener): NmapReader {
  const state = createState(listener);
  const decoder = new TextDecoder();
  const parser = createParser(state);
  let problem: XmlProblem | undefined;
  const guard = (step: () => void) => {
    if (problem) return;
    try {
      step();
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      problem = describeProblem(error, parser);
    }
  };
  return {
    write: (chunk) => guard(() => void parser.write(decoder.decode(chunk, { stream: true }))),
    problem: () => problem,
    end: () => {
      const cut = !problem && !state.closed;
      if (!cut) guard(() => void parser.close());
      if (state.host?.address) listener.onHost(truncatedHost(state.host.address));
      const facts = { ...state.facts, services: state.services, truncated: cut };
      return problem ? { ...facts, problem } : facts;
    },
  };
}

/** Reads a whole document and keeps its hosts: for files. The last word on an address counts. */
export async function readNmapXml(stream: Readable | AsyncIterable<Uint8Array>): Promise<NmapRun> {
  const hosts = new Map<string, HostObservation>();
  const uncovered = new Map<string, UncoveredHost>();
  const reader = createNmapReader({
    onHost: (outcome) => {
      if (outcome.kind === 'seen') hosts.set(outcome.host.address, outcome.host);
      else uncovered.set(outcome.host.address, outcome.host);
    },
  });
  for await (const chunk of stream as AsyncIterable<Uint8Array>) {
    reader.write(chunk);
    if (reader.problem()) break;
  }
  const facts = reader.end();
  const unseen = [...uncovered.values()].filter(({ address }) => !hosts.has(address));
  return { ...facts, snapshot: { hosts: [...hosts.values()], uncovered: unseen } };
}

function createState(listener: NmapReaderListener): ReadingState {
  return {
    listener,
    depth: 0,
    closed: false,
    cpe: null,
    services: { tcp: [], udp: [] },
    facts: { scanner: '', version: '', args: '', start: null, end: null, exit: null },
    createHost: createHostDraft,
  };
}

function createParser(state: ReadingState): SaxesParser {
  const parser = new SaxesParser();
  parser.on('error', (error) => {
    throw error;
  });
  parser.on('doctype', (doctype) => {
    if (/<!ENTITY/i.test(doctype))
      throw new MalformedNmapXml('the document declares entities, which nmap never does: refused');
  });
  parser.on('opentag', ({ name, attributes }) => {
    if (state.depth === 0 && name !== 'nmaprun')
      throw new MalformedNmapXml(`this is not nmap XML: its first element is <${name}>`);
    state.depth += 1;
    OPENERS.get(name)?.(state, attributes);
  });
  parser.on('closetag', ({ name }) => {
    state.depth -= 1;
    if (state.depth === 0) state.closed = true;
    CLOSERS.get(name)?.(state);
  });
  parser.on('text', (text) => {
    if (state.cpe !== null) state.cpe += text;
  });
  return parser;
}

function describeProblem(error: Error, parser: SaxesParser): XmlProblem {
  const message = error.message.replace(/^(?:[^:\s]*:)?\d+:\d+: /, '').replace(/\.$/, '');
  return { message, line: parser.line, column: parser.column };
}

function truncatedHost(address: string): HostOutcome {
  return { kind: 'uncovered', host: { address, reason: 'truncated' } };
}
