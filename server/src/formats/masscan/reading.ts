import type { HostOutcome } from '../nmap/host-outcome.ts';
import type { NmapRunFacts } from '../nmap/run-facts.ts';
import type { ReadingProblem } from '../place.ts';
import { type RawAnswer, readAnswer } from './answer.ts';
import { createHostCollection } from './host-collection.ts';

/** Whether the file says that masscan finished, has no words for that (-oD), or is cut off. */
export type MasscanEnding = 'said' | 'untold' | 'cut';

/** What a file of masscan comes to, answer by answer, whatever its form. */
export interface MasscanReading {
  readonly add: (answer: RawAnswer) => void;
  /** When something was seen, seconds since 1970, as a number or as digits. */
  readonly note: (time: unknown) => void;
  /** Delivers the hosts. */
  readonly end: (
    ending: MasscanEnding,
    rest: { readonly problem: ReadingProblem | undefined; readonly warnings: readonly string[] },
  ) => NmapRunFacts;
}

/** Collects answers; the run began with the earliest and ended with the latest of them. */
export function createMasscanReading(onHost: (outcome: HostOutcome) => void): MasscanReading {
  const collection = createHostCollection();
  let start: number | null = null;
  let end: number | null = null;
  return {
    add: (raw) => {
      const { address, endpoints } = readAnswer(raw);
      collection.add(address, endpoints);
    },
    note: (time) => {
      const seconds = /^\d{1,11}$/.test(String(time)) ? Number(time) : 0;
      if (seconds === 0) return;
      start = Math.min(start ?? seconds, seconds);
      end = Math.max(end ?? seconds, seconds);
    },
    end: (ending, { problem, warnings }) => {
      collection.deliver(onHost);
      return {
        scanner: 'masscan',
        version: '',
        args: '',
        start,
        end,
        services: { tcp: [], udp: [] },
        exit: ending === 'said' ? 'success' : null,
        truncated: ending === 'cut' && !problem,
        ...(problem && { problem }),
        ...(warnings.length > 0 && { warnings }),
      };
    },
  };
}
