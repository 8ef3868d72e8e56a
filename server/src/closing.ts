import type { Log } from './log.ts';

/** What has to be ended, in the reverse order of its making. */
export interface Closing {
  readonly add: (name: string, close: () => Promise<unknown>) => void;
  /** Ends all, also when one of them fails. A second call waits for the first. */
  readonly close: () => Promise<void>;
}

export function createClosing(log: Pick<Log, 'debug' | 'error'>): Closing {
  const open: { name: string; close: () => Promise<unknown> }[] = [];
  const closeAll = async () => {
    for (let part = open.pop(); part; part = open.pop()) {
      const started = performance.now();
      try {
        await part.close();
      } catch (error) {
        log.error({ err: error }, `could not end ${part.name}`);
      }
      log.debug({ ms: Math.round(performance.now() - started) }, `ended ${part.name}`);
    }
  };
  let closing: Promise<void> | undefined;
  return {
    add: (name, close) => void open.push({ name, close }),
    close: () => {
      closing ??= closeAll();
      return closing;
    },
  };
}
