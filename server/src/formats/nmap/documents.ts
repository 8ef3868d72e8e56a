import { createHostCollection } from '../masscan/host-collection.ts';
import type { ReadingProblem } from '../place.ts';
import { UnreadableScan } from '../unreadable.ts';
import type { DocumentListener } from '../xml/feeder.ts';
import { createHostDraft } from './draft.ts';
import {
  CLOSERS,
  MASSCAN,
  type NmapReaderListener,
  OPENERS,
  type ReadingState,
} from './elements.ts';
import { joinRuns, type NmapRunFacts, type RunHeading } from './run-facts.ts';
import { createUnits } from './units.ts';

/** What is to be heard from an XML reader, and the facts of all runs that it came upon. */
export interface Documents {
  readonly listener: DocumentListener;
  readonly end: (ending: {
    readonly problem: ReadingProblem | undefined;
    readonly warnings: readonly string[];
  }) => NmapRunFacts;
}

/** Turns the elements of nmap's documents into hosts, as they close, and into the facts of the run. */
export function createDocuments(listener: NmapReaderListener): Documents {
  const collection = createHostCollection();
  const runs: RunHeading[] = [];
  let state = createState(listener, collection.add);
  const endRun = (whole: boolean) => {
    const address = state.host?.address;
    if (address && state.facts.scanner !== MASSCAN)
      listener.onHost({ kind: 'uncovered', host: { address, reason: 'truncated' } });
    runs.push({ ...state.facts, services: state.services, truncated: !whole });
    state = createState(listener, collection.add);
  };
  return {
    listener: {
      onOpen: (name, attributes) => {
        if (state.depth === 0 && name !== 'nmaprun')
          throw new UnreadableScan(`this is not nmap XML: its first element is <${name}>`);
        state.depth += 1;
        OPENERS.get(name)?.(state, attributes);
      },
      onClose: (name) => {
        state.depth -= 1;
        CLOSERS.get(name)?.(state);
      },
      onText: (text) => {
        if (state.cpe !== null) state.cpe += text;
      },
      onEnd: endRun,
      units: createUnits(() => state),
    },
    end: ({ problem, warnings }) => {
      if (problem) endRun(true);
      collection.deliver(listener.onHost);
      return joinRuns(runs, { problem, warnings });
    },
  };
}

function createState(listener: NmapReaderListener, collect: ReadingState['collect']): ReadingState {
  return {
    listener,
    collect,
    depth: 0,
    cpe: null,
    services: { tcp: [], udp: [] },
    facts: { scanner: '', version: '', args: '', start: null, end: null, exit: null },
    createHost: createHostDraft,
  };
}
