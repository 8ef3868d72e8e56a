/** Last uses are told to the minute: a busy program costs one write a minute and process. */
const PRECISION_MS = 60_000;
const MOST_REMEMBERED = 10_000;

/** Notes that something is in use, by `write`, at most once a minute each. */
export function createLastUse(write: (id: string) => Promise<void>) {
  const written = new Map<string, number>();
  return async (id: string): Promise<void> => {
    const now = Date.now();
    if ((written.get(id) ?? 0) > now - PRECISION_MS) return;
    if (written.size >= MOST_REMEMBERED) written.clear();
    written.set(id, now);
    await write(id);
  };
}
