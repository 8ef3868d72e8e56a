import { createJsonReader } from './masscan/read-json.ts';
import { createListReader } from './masscan/read-list.ts';
import { createMasscanReading } from './masscan/reading.ts';
import { createDocuments } from './nmap/documents.ts';
import { MASSCAN, type NmapReaderListener } from './nmap/elements.ts';
import type { NmapRunFacts } from './nmap/run-facts.ts';
import { advance, BEGINNING, type Place, type ReadingProblem } from './place.ts';
import {
  HEAD_CHARACTERS,
  recogniseFamily,
  recognisePacking,
  type ScanFormat,
} from './recognise.ts';
import { createTextReader, type TextSink } from './text-reader.ts';
import { createXmlReader } from './xml/read-xml.ts';

/** What a scan file says of itself. `format` is null when nothing in it told. */
export interface ScanFacts extends NmapRunFacts {
  readonly format: ScanFormat | null;
}

/** A push reader: bytes go in, in pieces of any size; hosts come out to the listener. */
export interface ScanFileReader {
  readonly write: (chunk: Uint8Array) => void;
  /** The first problem, if any: nothing after it is read. */
  readonly problem: () => ReadingProblem | undefined;
  /** Where what was read ends. */
  readonly place: () => Place;
  readonly end: () => ScanFacts;
}

type Rest = { readonly problem: ReadingProblem | undefined; readonly warnings: readonly string[] };

/** What reads one form, and what it says in the end. */
interface FormReader {
  readonly sink: TextSink;
  readonly end: (rest: Rest) => ScanFacts;
}

/**
 * Reads any scan file, unpacked, and recognises its form by its beginning: XML of nmap or masscan,
 * JSON (-oJ, -oD) or lists (-oL) of masscan, in any encoding that createTextDecoding knows. nmap's
 * hosts come while reading, in constant memory; masscan's at the end, see createHostCollection.
 * Never throws: what cannot be read is a problem with its line and column, and what came before
 * it stands. A file that is cut off is `truncated`, and its hosts are those that are whole.
 */
export function createScanFileReader(listener: NmapReaderListener): ScanFileReader {
  const choice = createChoice(listener);
  const bytes = createTextReader(choice.sink);
  let packing: string | null = null;
  let head: Buffer | null = Buffer.alloc(0);
  const problem = () =>
    packing === null ? bytes.problem() : { message: `this is packed (${packing})`, ...BEGINNING };
  return {
    write: (chunk) => {
      if (head) {
        head = Buffer.concat([head, chunk.subarray(0, HEAD_BYTES)]);
        packing = recognisePacking(head);
        if (head.length >= HEAD_BYTES) head = null;
      }
      if (packing === null) bytes.write(chunk);
    },
    problem,
    place: choice.sink.place,
    end: () => {
      const { warnings } = bytes.end();
      return choice.end({ problem: problem(), warnings });
    },
  };
}

const HEAD_BYTES = 8;

/** Waits for enough of the text to know its form. */
function createChoice(listener: NmapReaderListener) {
  let head = '';
  let chosen: FormReader | undefined;
  let problem: ReadingProblem | undefined;
  const choose = () => {
    const family = recogniseFamily(head.trimStart().slice(0, HEAD_CHARACTERS));
    if (family.ok) chosen = OPENERS[family.family](listener);
    else problem = { message: family.problem, ...BEGINNING };
    chosen?.sink.write(head);
    head = '';
  };
  const sink: TextSink = {
    write: (text) => {
      if (problem) return;
      if (chosen) return chosen.sink.write(text);
      head += text;
      const begun = head.trimStart();
      // Of white space alone no more is kept than tells where it ends.
      if (begun === '' && head.length > MOST_SPACE)
        problem = { message: 'this is no scan', ...BEGINNING };
      else if (begun.length >= HEAD_CHARACTERS || /^[<[{]/.test(begun)) choose();
    },
    end: () => {
      if (!chosen && !problem && head.trim() !== '') choose();
      chosen?.sink.end();
    },
    problem: () => problem ?? chosen?.sink.problem(),
    place: () => chosen?.sink.place() ?? advance(BEGINNING, head),
    cleaned: () => chosen?.sink.cleaned?.(),
  };
  return {
    sink,
    end: (rest: Rest): ScanFacts =>
      chosen?.end(rest) ?? {
        ...NOTHING,
        ...(rest.problem && { problem: rest.problem }),
        truncated: !rest.problem,
      },
  };
}

const MOST_SPACE = 65_536;
const NOTHING = {
  format: null,
  scanner: '',
  version: '',
  args: '',
  start: null,
  end: null,
  services: { tcp: [], udp: [] },
  exit: null,
} as const;

const OPENERS = { xml: openXml, json: openJson, list: openList };

function openXml(listener: NmapReaderListener): FormReader {
  const documents = createDocuments(listener);
  return {
    sink: createXmlReader(documents.listener),
    end: (rest) => {
      const facts = documents.end(rest);
      const known =
        facts.scanner === '' ? null : facts.scanner === MASSCAN ? 'masscan-xml' : 'nmap-xml';
      return { format: known, ...facts };
    },
  };
}

function openJson({ onHost }: NmapReaderListener): FormReader {
  const reading = createMasscanReading(onHost);
  const sink = createJsonReader(reading);
  return { sink, end: (rest) => ({ format: 'masscan-json', ...reading.end(sink.ending(), rest) }) };
}

function openList({ onHost }: NmapReaderListener): FormReader {
  const reading = createMasscanReading(onHost);
  const sink = createListReader(reading);
  return { sink, end: (rest) => ({ format: 'masscan-list', ...reading.end(sink.ending(), rest) }) };
}
