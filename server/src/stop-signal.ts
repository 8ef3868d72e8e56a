/** npm passes Ctrl-C on to what has already had it from the terminal. */
const ECHO_MS = 500;

/** Aborted at the first Ctrl-C, SIGTERM or SIGHUP; a second one, by an impatient person, calls `force`. */
export function createStopSignal(force: () => void): AbortSignal {
  const stop = new AbortController();
  let firstAt = 0;
  const onSignal = () => {
    if (!stop.signal.aborted) {
      firstAt = performance.now();
      stop.abort();
    } else if (performance.now() - firstAt > ECHO_MS) force();
  };
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, onSignal);
  return stop.signal;
}
