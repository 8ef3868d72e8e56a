import { createRandom } from '../../server/src/playground/random.ts';
import { type BurstPlan, listStretches } from '../truth/bursts.ts';
import {
  CLEAR_PATH,
  type Loss,
  type Outage,
  type PathState,
  renderPathState,
} from './path-rules.ts';
import { runNft } from './realm.ts';

/** The path's loss and outages, changed while scans run. Each resolves when it is so. */
export interface PathControl {
  readonly setLoss: (loss: Loss) => Promise<void>;
  /** Begins with a good stretch; null ends the bursts. */
  readonly setBurst: (plan: BurstPlan | null) => Promise<void>;
  readonly setOutage: (outage: Outage) => Promise<void>;
  readonly close: () => Promise<void>;
}

const BAD_LOSS = 0.95;

/** Controls the path whose table is in this namespace. */
export function createPathControl(namespace: string): PathControl {
  let state = CLEAR_PATH;
  let turn: Promise<void> = Promise.resolve();
  // One after the other, so that an older state never overwrites a newer one.
  const change = (part: Partial<PathState>) => {
    state = { ...state, ...part };
    const text = renderPathState(state);
    const mine = turn.then(() => runNft(namespace, text));
    turn = mine.catch(() => undefined);
    return mine;
  };
  let stopBursts = () => {};
  return {
    setLoss: (loss) => change({ loss }),
    setOutage: (outage) => change({ outage }),
    setBurst: async (plan) => {
      stopBursts();
      await change({ burst: 0 });
      stopBursts = plan ? playBursts(plan, (burst) => change({ burst })) : () => {};
    },
    close: async () => {
      stopBursts();
      await turn;
    },
  };
}

/** Tells each stretch at its time, counted from the beginning, so that lateness does not add up. */
function playBursts(plan: BurstPlan, tell: (loss: number) => Promise<void>): () => void {
  const { badLoss = BAD_LOSS, seed } = plan;
  const stretches = listStretches(plan, createRandom(seed));
  let due = performance.now();
  let timer: NodeJS.Timeout;
  const next = () => {
    const { bad, ms } = stretches.next().value;
    // A path that is closed in the meantime has nothing left to be told.
    tell(bad ? badLoss : 0).catch(() => undefined);
    due += ms;
    timer = setTimeout(next, Math.max(0, due - performance.now()));
    timer.unref();
  };
  next();
  return () => clearTimeout(timer);
}
