import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import { createTestDatabase } from '../../db/testing/test-database.ts';
import { createAccountServer, createBrowser } from './create-account-server.ts';

/** For one test file: a database that each test finds without sites and people, and servers that end with their test. */
export function createAccountSuite() {
  const closers: (() => Promise<unknown>)[] = [];
  let opened: Awaited<ReturnType<typeof createTestDatabase>>;
  beforeAll(async () => {
    opened = await createTestDatabase();
  });
  beforeEach(async () => {
    const { pool } = opened.database;
    await pool.query('delete from sites; delete from users; delete from setup_links');
  });
  afterEach(async () => {
    for (const close of closers.splice(0)) await close();
  });
  afterAll(() => opened.close());
  return {
    /** Only within hooks and tests. */
    get database() {
      return opened.database;
    },
    afterTest: (close: () => Promise<unknown>) => void closers.push(close),
    startServer: async (options?: Parameters<typeof createAccountServer>[1]) => {
      const { app, auth } = await createAccountServer(opened.database, options);
      closers.push(() => app.close());
      return { app, auth, ...createBrowser(app) };
    },
  };
}
