import type { Contact } from '@netdelta/core/evidence/contact.ts';
import type { PortState, ServiceFacts } from '@netdelta/core/snapshot/snapshot.ts';

/** One question: to this address, in this way. */
export interface ProbeRequest {
  readonly address: string;
  readonly contact: Contact;
}

export interface ProbeAnswer {
  readonly state: PortState;
  readonly reason: string;
}

export interface ProbeConditions {
  /** How long one answer is waited for, in ms. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** Asks single endpoints and hosts, outside of any sweep. */
export interface Prober {
  /**
   * Asks each once, all at the same time; answers in the same order. Null: it cannot be asked in
   * this way on this machine. Never rejects; after an abort the rest is null.
   */
  readonly ask: (
    requests: readonly ProbeRequest[],
    conditions: ProbeConditions,
  ) => Promise<(ProbeAnswer | null)[]>;
  /** Asks once more which product listens; in the same order, undefined where that stays unknown. */
  readonly identify: (
    endpoints: readonly ProbeRequest[],
    conditions: ProbeConditions,
  ) => Promise<(ServiceFacts | undefined)[]>;
}
