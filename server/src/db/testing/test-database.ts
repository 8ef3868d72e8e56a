import { randomBytes } from 'node:crypto';
import { Client } from 'pg';
import { pino } from 'pino';
import { inject } from 'vitest';
import { createQueue } from '../../queue/create-queue.ts';
import type { Queue } from '../../queue/queue.ts';
import { createDatabase, type Database } from '../database.ts';
import { TEMPLATE, urlOf } from './template.ts';

export interface TestDatabase {
  readonly database: Database;
  readonly url: string;
  /** Closes the pool and drops the database, whoever still uses it. */
  readonly close: () => Promise<void>;
}

/** A migrated, empty database of its own for one test file (a copy of the template). */
export async function createTestDatabase(): Promise<TestDatabase> {
  const server = inject('postgresUrl');
  const name = `test_${randomBytes(6).toString('hex')}`;
  await run(server, `create database ${name} template ${TEMPLATE} strategy file_copy`);
  const url = urlOf(server, name);
  const database = createDatabase(url, { log: pino({ level: 'silent' }) });
  const close = async () => {
    await database.close();
    await run(server, `drop database if exists ${name} with (force)`);
  };
  return { database, url, close };
}

/** A started queue on a test database. Stop it before the database is closed. */
export async function createTestQueue(database: Database): Promise<Queue> {
  const url = database.pool.options.connectionString;
  if (!url) throw new Error('createTestQueue needs a database of createTestDatabase');
  const queue = createQueue(url, { log: pino({ level: 'silent' }), works: true });
  await queue.start();
  return queue;
}

async function run(url: string, statement: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
