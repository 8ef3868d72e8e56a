import { setTimeout as wait } from 'node:timers/promises';

/** Lets callers through no faster than `rate` per second; without a rate, at once. Rejects on abort. */
export function createPacer(rate: number | undefined, signal: AbortSignal): () => Promise<void> {
  if (rate === undefined) return () => Promise.resolve();
  const gap = 1000 / rate;
  let next = 0;
  return async () => {
    const now = performance.now();
    next = Math.max(next + gap, now);
    if (next - now >= 1) await wait(next - now, undefined, { signal });
  };
}
