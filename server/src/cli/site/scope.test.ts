import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildSite } from '../../db/testing/build-site.ts';
import { createTestDatabase, type TestDatabase } from '../../db/testing/test-database.ts';
import { createSiteCommand } from '../site.ts';
import { runCommand } from '../testing/run-command.ts';

let test: TestDatabase;
let folder: string;
beforeAll(async () => {
  test = await createTestDatabase();
  await buildSite(test.database, { slug: 'acme' });
  folder = await mkdtemp(path.join(tmpdir(), 'netdelta-scope-'));
});
afterAll(async () => {
  await test.close();
  await rm(folder, { recursive: true });
});

const scope = (...args: string[]) =>
  runCommand(createSiteCommand, ['scope', ...args], { environment: { DATABASE_URL: test.url } });

describe('netdelta site scope', () => {
  it('adds, lists and takes back what a site may scan, and writes down who did', async () => {
    const file = path.join(folder, 'targets');
    await writeFile(file, '10.1.0.0/16 # offices\n');
    const by = ['--authorised-by', 'Ms Ops', '--until', '2099-12-31', '--platform'];
    const added = await scope('add', 'acme', '10.0.0.1-50', '--file', file, ...by);
    expect(added).toMatchObject({ code: 0, stderr: '' });
    expect(added.stdout).toContain('platform  10.0.0.1-50 10.1.0.0/16 # offices  by Ms Ops');
    const [entry] = JSON.parse((await scope('list', 'acme', '--json')).stdout);
    expect(entry).toMatchObject({ laidBy: 'platform', addressCount: 65_586, nameCount: 0 });
    expect((await scope('remove', 'acme', entry.id)).code).toBe(0);
    expect((await scope('list', 'acme')).stdout).toBe('');
    const { rows } = await test.database.pool.query(
      `select action, actor->>'kind' as kind from audit_entries order by number`,
    );
    expect(rows).toEqual([
      { action: 'scope.added', kind: 'command' },
      { action: 'scope.removed', kind: 'command' },
    ]);
  });

  it.each([
    [['add', 'nowhere', '10.0.0.1', '--authorised-by', 'x'], 'no site "nowhere"'],
    [['add', 'acme', '--authorised-by', 'x'], 'targets name at least one address'],
    [['add', 'acme', '10.0.0.1', '300.1.1.1', '--authorised-by', 'x'], 'line 2: "300.1.1.1"'],
    [['add', 'acme', '10.0.0.1', '--authorised-by', 'x', '--until', 'soon'], 'give a day as in'],
    [['add', 'acme', '--file', '/nonexistent', '--authorised-by', 'x'], 'cannot be read'],
    [['remove', 'acme', 'no-id'], 'has no entry no-id'],
  ])('refuses with 2: %s', async (args, words) => {
    const { code, stdout, stderr } = await scope(...args);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain(words);
  });
});
