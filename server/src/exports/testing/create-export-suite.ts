import { pino } from 'pino';
import { createLive } from '../../db/live.ts';
import { createTestDatabase, createTestQueue } from '../../db/testing/test-database.ts';
import { buildRequestUser } from '../../http/testing/create-test-server.ts';
import { insertTestSite } from '../../http/testing/queries.ts';
import { createChronicler } from './create-chronicler.ts';

/** A database with one site, and who writes the history of its groups. */
export async function createExportSuite() {
  const test = await createTestDatabase();
  const queue = await createTestQueue(test.database);
  const live = await createLive(test.url, { log: pino({ level: 'silent' }) });
  const user = buildRequestUser({ name: 'Ada Lovelace' });
  const settings = {
    ...{ slug: 'source', name: 'Source', timeZone: 'Europe/Berlin', targetLimit: 70_000 },
  };
  const site = await insertTestSite(test.database.system, settings, user);
  const { rows } = await test.database.pool.query<{ id: string }>(
    "update sites set history_window = 9, danger_ports = '22' where id = $1 returning (select id from profiles where site_id = $1 and name = 'Quick')",
    [site.id],
  );
  return {
    ...test,
    ...{ site, user, profileId: rows[0]?.id ?? '' },
    chronicler: createChronicler({ database: test.database, queue, live }),
    close: async () => {
      await queue.stop(1_000);
      await live.close();
      await test.close();
    },
  };
}
export type ExportSuite = Awaited<ReturnType<typeof createExportSuite>>;
