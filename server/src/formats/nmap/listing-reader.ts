import type { HostListing, ListedPort, ScanHeading } from '@netdelta/core/compare/listing.ts';
import type { Place, ReadingProblem } from '../place.ts';
import { createTextReader } from '../text-reader.ts';
import { UnreadableScan } from '../unreadable.ts';
import type { Attributes } from '../xml/attributes.ts';
import type { XmlUnit } from '../xml/known-unit.ts';
import { createXmlReader } from '../xml/read-xml.ts';
import { addPort, CLOSERS, type ListingState, OPENERS } from './listing-elements.ts';

/** What a file says, apart from its hosts. */
export interface ListingFacts extends ScanHeading {
  readonly exit: 'success' | 'error' | null;
  readonly errorMessage: string | null;
  /** The document ends before its last tag. */
  readonly truncated: boolean;
  /** Where it ends. */
  readonly endsAt: Place;
  /** Whether there was anything of a scan. */
  readonly begun: boolean;
  /** What is odd and was read nevertheless, one sentence each. */
  readonly warnings: readonly string[];
}

/** A push reader: bytes go in, in pieces of any size; hosts come out as the file lists them. */
export interface ListingReader {
  readonly write: (chunk: Uint8Array) => void;
  /** The first problem, if any: nothing after it is read. */
  readonly problem: () => ReadingProblem | undefined;
  /** Whether what comes next lies directly within the run, as hosts do. */
  readonly isWithinRun: () => boolean;
  readonly end: () => ListingFacts;
}

/** Reads XML of nmap as it stands there, for a comparison of files (see HostListing). */
export function createListingReader(onHost: (host: HostListing) => void): ListingReader {
  const state = createState(onHost);
  let whole = false;
  let runs = 0;
  const xml = createXmlReader({
    onOpen: (name, attributes) => openElement(state, name, attributes),
    onClose: (name) => {
      const key = keyOf(state.open.at(-2), name);
      state.open.pop();
      CLOSERS.get(key)?.(state);
    },
    onText: () => undefined,
    onEnd: (closed) => {
      whole = closed;
      runs += 1;
      state.host = null;
      state.port = null;
      state.open.length = 0;
    },
    units: createListingUnits(state),
  });
  const text = createTextReader(xml);
  return {
    write: text.write,
    problem: text.problem,
    isWithinRun: () => state.open.length === 1,
    end: () => {
      const { warnings } = text.end();
      const several = runs > 1 ? [`it holds ${runs} runs, which count as one`] : [];
      const { heading, before, after, exit, errorMessage, begun } = state;
      return {
        ...{ ...heading, before, after, exit, errorMessage, begun },
        warnings: [...several, ...warnings],
        truncated: !whole,
        endsAt: xml.place(),
      };
    },
  };
}

function openElement(state: ListingState, name: string, attributes: Attributes): void {
  const parent = state.open.at(-1);
  if (parent === undefined && name !== 'nmaprun')
    throw new UnreadableScan(`this is not nmap XML: its first element is <${name}>`);
  // Both are known again by their text alone, wherever they lie.
  if ((name === 'port' || name === 'extraports') && parent !== 'ports')
    throw new UnreadableScan(`<${name}> lies in <${parent}>, and not in <ports>`);
  state.open.push(name);
  OPENERS.get(keyOf(parent, name))?.(state, attributes);
}

function keyOf(parent: string | undefined, name: string): string {
  return parent === undefined ? name : `${parent}/${name}`;
}

const WITHIN_PORT = new Set(['state', 'service', 'cpe', 'script', 'table', 'elem', 'owner']);
const WITHIN_REST = new Set(['extrareasons']);

/** Most services of a network look alike to the letter: hosts share what was read once. */
function createListingUnits(state: ListingState): ReadonlyMap<string, XmlUnit> {
  const ready = () => state.host !== null && state.open.at(-1) === 'ports';
  return new Map<string, XmlUnit>([
    [
      'port',
      {
        inner: WITHIN_PORT,
        ready,
        take: () => state.lastPort,
        repeat: (port) => addPort(state, port as ListedPort | null),
      },
    ],
    [
      'extraports',
      {
        inner: WITHIN_REST,
        ready,
        take: () => state.lastRest,
        repeat: (rest) => {
          if (rest) state.host?.rest.set(...(rest as [string, number]));
        },
      },
    ],
  ]);
}

function createState(onHost: (host: HostListing) => void): ListingState {
  return {
    onHost,
    open: [],
    host: null,
    port: null,
    lastPort: null,
    lastRest: null,
    heading: { scanner: null, version: null, args: null, start: null, end: null },
    before: [],
    after: [],
    exit: null,
    errorMessage: null,
    begun: false,
  };
}
