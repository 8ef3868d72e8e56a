/** NetDelta does not connect there for a site. Its message tells a site nothing of the addresses inside. */
export class OutboundRefusedError extends Error {
  override readonly name = 'OutboundRefusedError';
  readonly code: 'address-not-public' | 'url-not-allowed' | 'redirect-not-allowed' | 'too-large';
  readonly retryable = false;
  constructor(code: OutboundRefusedError['code'], message: string) {
    super(message);
    this.code = code;
  }
}

/** Who was asked did not answer, or not in time. */
export class OutboundFailedError extends Error {
  override readonly name = 'OutboundFailedError';
  readonly code = 'outbound-failed';
  readonly retryable = true;
}
