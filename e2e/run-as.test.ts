import { chmod, mkdir, mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { endPrograms, type Program, runProgram, startProgram } from './program.ts';

const NOBODY = 65_534;
const environment = { NETDELTA_RUN_AS: 'nobody', PORT: '0' };

let folder: string;
const running: Program[] = [];
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'netdelta-e2e-'));
  await chmod(folder, 0o755);
});
afterAll(async () => {
  await endPrograms(running).finally(() => rm(folder, { recursive: true, force: true }));
});

describe.runIf(process.getuid?.() === 0)('NetDelta that root starts as somebody else', () => {
  test('works with none of the rights of root, twice on the same data', async () => {
    const dataDir = path.join(folder, 'data');
    for (const _start of [1, 2]) {
      const program = startProgram(['start'], { ...environment, NETDELTA_DATA_DIR: dataDir });
      running.push(program);
      const [, url = ''] = await program.says(/is ready: (\S+)/);
      expect((await fetch(`${url}readyz`)).status).toBe(200);
      const status = await readFile(`/proc/${program.pid}/status`, 'utf8');
      expect(status).toMatch(new RegExp(`^Uid:\t${Array(4).fill(NOBODY).join('\t')}$`, 'm'));
      for (const set of ['CapPrm', 'CapEff', 'CapAmb'])
        expect(status).toMatch(new RegExp(`^${set}:\t0+$`, 'm'));
      await endPrograms(running.splice(0));
    }
    expect((await stat(path.join(dataDir, 'secret-key'))).uid).toBe(NOBODY);
    const check = await runProgram(['secrets', 'check'], {
      ...environment,
      NETDELTA_DATA_DIR: dataDir,
    });
    expect(check.code).toBe(0);
  });

  test('says what to do about data of root, and who is not there', async () => {
    const mine = await runProgram(['start'], { ...environment, NETDELTA_DATA_DIR: folder });
    expect([mine.code, mine.printed]).toEqual([
      3,
      expect.stringContaining(`chown -R nobody '${folder}'`),
    ]);
    const closed = path.join(folder, 'closed');
    await mkdir(closed, { mode: 0o700 });
    const below = { ...environment, NETDELTA_DATA_DIR: path.join(closed, 'data') };
    expect((await runProgram(['start'], below)).printed).toMatch(
      /nobody cannot reach the data folder/,
    );
    const none = { NETDELTA_RUN_AS: 'no-such-user', NETDELTA_DATA_DIR: path.join(folder, 'x') };
    expect((await runProgram(['start'], none)).printed).toContain('there is no user no-such-user');
    const root = { ...none, NETDELTA_RUN_AS: 'root' };
    expect((await runProgram(['start'], root)).printed).toContain('that is root itself');
  });
});
