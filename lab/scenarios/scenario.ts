import type { LabNetwork } from '../network/lab-network.ts';
import type { Expected } from '../score/expected.ts';

/** What happens to the network before each scan, the first one (from which scanners learn) left out. */
export interface Scenario {
  /** How many compared scans it takes, of as many as are wanted. */
  readonly comparisons: (wanted: number) => number;
  readonly leaves: number;
  /** All scanners of a run scan after each step, so that they see the same. */
  readonly begin: (stage: Stage) => Steps;
}

export interface Stage {
  readonly network: LabNetwork;
  readonly seed: number;
  readonly comparisons: number;
  /** Versions may change as well, as they are asked for. */
  readonly versions: boolean;
}

/** Makes happen what comes before compared scan n (from 0), and says what should be told of it. */
export type Steps = (n: number) => Promise<readonly Expected[]>;
