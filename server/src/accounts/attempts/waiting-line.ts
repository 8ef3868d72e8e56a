/** Lets so much be done at once, and the rest wait for their turn. */
export interface WaitingLine {
  /** Answers how to give the place back, once; null: too many wait already. `first`: before all who are not. */
  readonly enter: (first: boolean) => Promise<(() => void) | null>;
}

export function createWaitingLine(most: { atOnce: number; waiting: number }): WaitingLine {
  const lines: { readonly known: (() => void)[]; readonly others: (() => void)[] } = {
    known: [],
    others: [],
  };
  let busy = 0;
  const leave = () => {
    busy -= 1;
    const next = lines.known.shift() ?? lines.others.shift();
    next?.();
  };
  const take = () => {
    busy += 1;
    let held = true;
    return () => {
      if (held) leave();
      held = false;
    };
  };
  return {
    enter: async (first) => {
      if (busy < most.atOnce) return take();
      const line = first ? lines.known : lines.others;
      if (line.length >= most.waiting) return null;
      return new Promise((resolve) => line.push(() => resolve(take())));
    },
  };
}
