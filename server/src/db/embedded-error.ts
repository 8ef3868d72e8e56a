/** The embedded Postgres cannot be used; the message says why, and what to do. */
export class EmbeddedError extends Error {
  override readonly name = 'EmbeddedError';
  readonly code: 'no-programs' | 'other-version' | 'root' | 'failed' | 'left-over';
  readonly retryable = false;
  constructor(code: EmbeddedError['code'], message: string, cause?: unknown) {
    super(message, { cause });
    this.code = code;
  }
}
