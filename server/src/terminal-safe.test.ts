import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { terminalSafe } from '@netdelta/core/terminal/terminal-safe.ts';
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { buildScanXml } from './imports/testing/build-scan-xml.ts';
import { createLog } from './log.ts';

/** Clears the screen, sets the title, rings, writes backwards, hides: in 7 and 8 bits, and by Unicode. */
const HOSTILE = 'a\u009b2J\u009d0;owned\u009c\u202eevil\u2066\u0085z';
const STEERS = /(?![\t\n])[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/u;

test('what steers a terminal is written out, and JSON stays the same JSON', () => {
  const value = { banner: `\u001b[2J\u0007\r\n\t${HOSTILE}`, text: 'Grüße, 日本 🙂' };
  const json = terminalSafe(JSON.stringify(value, null, 2));
  expect(json).not.toMatch(STEERS);
  expect(JSON.parse(json)).toEqual(value);
  expect(terminalSafe('\u001b]0;x\u0007 a\tb\n')).toBe('\\u001b]0;x\\u0007 a\tb\n');
});

test('the log for people writes it out, too, in messages, fields and errors', () => {
  const lines: string[] = [];
  const log = createLog({ level: 'info', readable: true, write: (text) => lines.push(text) });
  log.error({ err: new Error(`\u001b[2J${HOSTILE}`), host: HOSTILE }, `said \u001b[1m${HOSTILE}`);
  expect(lines.join('')).not.toMatch(STEERS);
  expect(lines.join('')).toContain('\\u001b[2J');
});

describe('the program', () => {
  let folder: string;
  let files: string[];
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'netdelta-terminal-'));
    const host = (product: string) => ({
      ...{ address: '10.0.0.1', open: { 22: product }, name: `h${HOSTILE}.example` },
    });
    files = await Promise.all(
      ['before', HOSTILE].map(async (product, index) => {
        const file = path.join(folder, `${index}.xml`);
        await writeFile(file, buildScanXml({ at: '2025-03-01T02:00:00Z', hosts: [host(product)] }));
        return file;
      }),
    );
  });
  afterAll(() => rm(folder, { recursive: true }));

  const run = (...args: string[]) =>
    new Promise<string>((resolve) => {
      const main = path.join(import.meta.dirname, 'main.ts');
      execFile(process.execPath, [main, ...args], (_error, stdout, stderr) =>
        resolve(stdout + stderr),
      );
    });

  it.each(['--text', '--json', '--xml'])(
    'diff %s of hostile files steers no terminal',
    async (form) => {
      const said = await run('diff', ...files, form);
      expect(said).toContain('before');
      expect(said).toContain('evil');
      expect(said).not.toMatch(STEERS);
      if (form === '--json') expect(JSON.stringify(JSON.parse(said))).toContain(HOSTILE);
    },
  );

  it('neither do its complaints', async () => {
    const said = await run('diff', `${folder}/\u001b[2J\u009b.xml`, ...files.slice(1));
    expect(said).toContain('no such file');
    expect(said).not.toMatch(STEERS);
  });
});
