import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { canConfine, findExecutable, runProcess } from './process.ts';

const environment = process.env;
const folder = mkdtempSync(join(tmpdir(), 'netdelta-process-'));
afterAll(() => rmSync(folder, { recursive: true }));

const find = (name: string) => findExecutable(name, environment) ?? name;
const asRoot = process.geteuid?.() === 0 && (await canConfine(find('true'), [], environment));

async function run(path: string, args: readonly string[]): Promise<string> {
  const chunks: Buffer[] = [];
  await runProcess({
    ...{ path, args, environment, confined: true, timeoutMs: 10_000 },
    signal: new AbortController().signal,
    onOutput: (chunk) => chunks.push(chunk) > 0,
  });
  return Buffer.concat(chunks).toString();
}

describe.runIf(asRoot)('a program of root that is confined', () => {
  it('is nobody, may open raw sockets, and can get no other right', async () => {
    const status = await run(find('cat'), ['/proc/self/status']);
    const field = (name: string) => new RegExp(`^${name}:[ \\t]*(.*)$`, 'm').exec(status)?.[1];
    expect(field('Uid')).toBe('65534\t65534\t65534\t65534');
    expect(field('Gid')).toBe('65534\t65534\t65534\t65534');
    expect(field('Groups')?.trim()).toBe('');
    expect(field('NoNewPrivs')).toBe('1');
    // 13 is CAP_NET_RAW (capabilities(7)).
    for (const set of ['CapPrm', 'CapEff', 'CapBnd', 'CapInh', 'CapAmb'])
      expect([set, BigInt(`0x${field(set)}`)]).toEqual([set, 1n << 13n]);
  });

  it("reads nothing that is root's alone", async () => {
    chmodSync(folder, 0o700);
    expect(await run(find('ls'), [folder])).toBe('');
    expect(await run(find('cat'), ['/etc/shadow'])).toBe('');
  });

  it('cannot be where nobody cannot read it', async () => {
    // Whoever runs a script has to read it.
    const path = join(folder, 'script');
    writeFileSync(path, '#!/bin/sh\n', { mode: 0o755 });
    expect(await canConfine(path, [], environment)).toBe(false);
    chmodSync(folder, 0o755);
    expect(await canConfine(path, [], environment)).toBe(true);
  });

  it('cannot be where there is no setpriv', async () => {
    expect(await canConfine(find('true'), [], { PATH: folder })).toBe(false);
  });
});
