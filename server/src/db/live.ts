import type { Kysely } from 'kysely';
import type { Tables } from './tables.ts';

/** Something that open pages and running workers want to know at once. It carries no data: readers look again. */
export interface LiveEvent {
  readonly siteId: string;
  readonly type: 'scan' | 'notification';
  readonly id: string;
}

/** Live events between all processes on one database (LISTEN/NOTIFY). */
export interface Live {
  /** Told when the transaction commits. */
  readonly publish: (tx: Kysely<Tables>, event: LiveEvent) => Promise<void>;
  /** Returns the function that ends the subscription. Events may be lost while the database is away. */
  readonly subscribe: (listener: (event: LiveEvent) => void) => () => void;
  readonly close: () => Promise<void>;
}
