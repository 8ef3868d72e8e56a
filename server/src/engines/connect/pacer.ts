import { setTimeout as wait } from 'node:timers/promises';

/**
 * Lets callers through no faster than `rate()` per second, which may change; without a rate, at
 * once. Rejects on abort.
 */
export function createPacer(rate: () => number | null, signal: AbortSignal): () => Promise<void> {
  let next = 0;
  return async () => {
    const now = performance.now();
    const perSecond = rate();
    next = Math.max(next + (perSecond === null ? 0 : 1000 / perSecond), now);
    if (next - now >= 1) await wait(next - now, undefined, { signal });
  };
}
