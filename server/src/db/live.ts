import { setTimeout as sleep } from 'node:timers/promises';
import { type Kysely, sql } from 'kysely';
import { Client } from 'pg';
import type { Log } from '../log.ts';
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

const CHANNEL = 'netdelta_live';
const RECONNECT_MS = 1_000;

/** Tells all who listen, when the transaction commits; needs no connection of its own. */
export async function publishEvent(tx: Kysely<Tables>, event: LiveEvent): Promise<void> {
  await sql`select pg_notify(${CHANNEL}, ${JSON.stringify(event)})`.execute(tx);
}

/**
 * Listens on one connection of its own, which comes back by itself after the database was away.
 * Rejects when the database cannot be reached at the start.
 */
export async function createLive(url: string, { log }: { log: Log }): Promise<Live> {
  const listeners = new Set<(event: LiveEvent) => void>();
  const closing = new AbortController();
  const connect = () => connectEar({ url, log, hear: (text) => tell(listeners, text, log) });
  let ear = await connect();
  const kept = (async () => {
    for (;;) {
      await ear.ended;
      if (closing.signal.aborted) return;
      ear = (await reconnect(connect, closing.signal)) ?? ear;
    }
  })();
  return {
    publish: publishEvent,
    subscribe: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    close: async () => {
      closing.abort();
      await ear.client.end();
      await kept;
    },
  };
}

interface Ear {
  readonly client: Client;
  readonly ended: Promise<void>;
}

interface EarParts {
  readonly url: string;
  readonly log: Log;
  readonly hear: (text: string) => void;
}

async function connectEar({ url, log, hear }: EarParts): Promise<Ear> {
  const client = new Client({ connectionString: url, application_name: 'netdelta live' });
  // Without this, a connection that breaks would end the process.
  client.on('error', (error) => log.warn({ err: error }, 'lost the connection for live events'));
  client.on('notification', ({ payload }) => hear(payload ?? ''));
  const ended = new Promise<void>((resolve) => client.once('end', () => resolve()));
  try {
    await client.connect();
    await client.query(`listen ${CHANNEL}`);
  } catch (error) {
    await client.end().catch(() => undefined);
    throw error;
  }
  return { client, ended };
}

/** Tries once a second until it works or the signal is aborted (null). */
async function reconnect(connect: () => Promise<Ear>, signal: AbortSignal): Promise<Ear | null> {
  while (!signal.aborted) {
    await sleep(RECONNECT_MS, undefined, { signal }).catch(() => undefined);
    const ear = signal.aborted ? null : await connect().catch(() => null);
    if (ear && signal.aborted) await ear.client.end();
    if (ear) return ear;
  }
  return null;
}

function tell(listeners: ReadonlySet<(event: LiveEvent) => void>, text: string, log: Log): void {
  const event: LiveEvent = JSON.parse(text);
  for (const listener of listeners) {
    try {
      listener(event);
    } catch (error) {
      log.error({ err: error }, 'a listener of live events failed');
    }
  }
}
