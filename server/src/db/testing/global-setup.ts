import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pino } from 'pino';
import type { TestProject } from 'vitest/node';
import type { Log } from '../../log.ts';
import { migrateQueue } from '../../queue/migrate-queue.ts';
import { createDatabase } from '../database.ts';
import { startEmbedded } from '../embedded.ts';
import { migrate } from '../migrate.ts';
import { TEMPLATE, urlOf } from './template.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Of the Postgres that the whole run works with; its template database holds empty tables. */
    postgresUrl: string;
  }
}

/** vitest's globalSetup: one Postgres for the run, and a migrated template that each test copies. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const log = pino({ level: 'silent' });
  const folder = await mkdtemp(path.join(tmpdir(), 'netdelta-test-'));
  const postgres = await startEmbedded(folder, { log, volatile: true });
  await makeTemplate(postgres.url, log);
  project.provide('postgresUrl', postgres.url);
  return async () => {
    await postgres.stop();
    await rm(folder, { recursive: true, force: true });
  };
}

async function makeTemplate(url: string, log: Log): Promise<void> {
  const server = createDatabase(url, { log });
  await server.pool.query(`create database ${TEMPLATE}`);
  const template = createDatabase(urlOf(url, TEMPLATE), { log });
  await migrate(template);
  await migrateQueue(urlOf(url, TEMPLATE));
  await template.close();
  await server.close();
}
