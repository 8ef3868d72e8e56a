export type CheckStatus = 'ok' | 'warning' | 'failed';

/** What was found of one thing that NetDelta needs. */
export interface Check {
  readonly what: string;
  readonly status: CheckStatus;
  readonly message: string;
  /** What to do, for a warning or a failure. */
  readonly remedy?: string;
}

export function ok(what: string, message: string): Check {
  return { what, status: 'ok', message };
}

export function warning(what: string, message: string, remedy: string): Check {
  return { what, status: 'warning', message, remedy };
}

export function failed(what: string, message: string, remedy: string): Check {
  return { what, status: 'failed', message, remedy };
}

/** Two lines a check at most: what was found, and what to do. */
export function describeCheck({ status, what, message, remedy }: Check): string[] {
  const lines = [`${status.padEnd(8)} ${what}: ${message}`];
  return remedy ? [...lines, `${' '.repeat(9)}→ ${remedy}`] : lines;
}
