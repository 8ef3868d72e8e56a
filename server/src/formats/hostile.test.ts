import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from 'vitest';
import { HOSTILE } from './testing/hostile-files.ts';
import { readBytes } from './testing/read-bytes.ts';

/** A heap in which no file would fit that was held: one of them goes on for a GB. */
const HEAP_MB = 400;
const READER = path.join(import.meta.dirname, 'testing/read-hostile.ts');

describe('hostile files', () => {
  let report: { readonly said: Readonly<Record<string, string>>; readonly memory: number };
  beforeAll(async () => {
    const args = [`--max-old-space-size=${HEAP_MB}`, READER];
    const { stdout } = await promisify(execFile)(process.execPath, args);
    report = JSON.parse(stdout);
  }, 60_000);

  it.each(Object.entries(HOSTILE))('%s', (name, { problem }) => {
    if (problem === null) return expect(report.said[name]).toBe('');
    expect(report.said[name]).toMatch(problem);
    expect(report.said[name]).toMatch(/, line \d+, column \d+: /);
  });

  it('are read in bounded memory', () => {
    expect(report.memory).toBeLessThan(HEAP_MB * 2);
  });
});

describe('packed bombs', () => {
  const run = (inner: string) => Buffer.from(`<nmaprun scanner="nmap">${inner}`);
  it.each([
    ['gzip', gzipSync(run('<!--'.padEnd(2 ** 26, 'a')))],
    ['zstd', zstdCompressSync(run('<!--'.padEnd(2 ** 26, 'a')))],
  ])('of %s are left as soon as they go too far', async (_name, packed) => {
    expect(packed.length).toBeLessThan(100_000);
    const outcome = await readBytes(packed, 1_024);
    expect(outcome.ok ? '' : outcome.problem).toMatch(/longer than 16 MB/);
  });
});
