import { buildSeen } from '@netdelta/core/host/build-observation.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildGroup, buildSite } from '../db/testing/build-site.ts';
import { createTestDatabase, type TestDatabase } from '../db/testing/test-database.ts';
import { createScanner } from '../deltas/testing/create-scanner.ts';
import { countRows, passDays } from '../retention/testing/queries.ts';
import { createRetentionCommand } from './retention.ts';
import { runCommand } from './testing/run-command.ts';

let test: TestDatabase;
let siteId: string;

beforeAll(async () => {
  test = await createTestDatabase();
  const site = await buildSite(test.database);
  siteId = site.siteId;
  const group = await buildGroup(test.database, siteId);
  const scanner = await createScanner(test);
  for (let scan = 0; scan < 3; scan += 1) {
    await passDays(test.database, 50);
    await scanner.scan({ ...site, groupId: group.id }, [buildSeen([], { address: '127.0.1.1' })]);
  }
  await scanner.close();
});
afterAll(() => test.close());

const retention = (...words: string[]) =>
  runCommand(createRetentionCommand, words, { environment: { DATABASE_URL: test.url } });

describe('netdelta retention', () => {
  it('says with --dry-run what would expire, and takes nothing', async () => {
    const { code, stdout } = await retention('--dry-run');
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'the details of 1 scan would expire' });
    expect(await countRows(test.database, 'shards', siteId)).toBe(3);
  });

  it('takes that, and the second time nothing', async () => {
    const { stdout } = await retention();
    expect(stdout).toMatch(/^the details of 1 scan \(about .* bytes\) expired$/);
    expect(await countRows(test.database, 'shards', siteId)).toBe(2);
    expect(JSON.parse((await retention('--json')).stdout)).toEqual({ dryRun: false, expired: {} });
  });

  it('refuses a site that is not there: 2', async () => {
    const { code, stderr } = await retention('--site', 'nobody');
    expect(code).toBe(2);
    expect(stderr).toContain('There is no site "nobody".');
  });
});
