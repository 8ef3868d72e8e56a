import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { decidePrivileged, detectNmap } from './detect.ts';

const folder = mkdtempSync(join(tmpdir(), 'netdelta-detect-'));
afterAll(() => rmSync(folder, { recursive: true }));

const ALL = '000001ffffffffff';
const NONE = '0000000000000000';
const status = (sets: { eff?: string; amb?: string; bnd?: string; forbidden?: boolean }) =>
  `CapEff:\t${sets.eff ?? NONE}\nCapBnd:\t${sets.bnd ?? ALL}\nCapAmb:\t${sets.amb ?? NONE}\nNoNewPrivs:\t${sets.forbidden ? 1 : 0}\n`;
const GRANTED = '/usr/bin/nmap cap_net_bind_service,cap_net_admin,cap_net_raw=eip';

describe('the right to send raw packets', () => {
  it.each([
    ['root', { root: true, status: status({ eff: ALL }) }, true],
    ['root in a container without it', { root: true, status: status({}) }, false],
    ['root where there is no /proc', { root: true, status: null }, true],
    ['a user', { root: false, status: status({}) }, false],
    [
      'a user who has it, but not for children',
      { root: false, status: status({ eff: ALL }) },
      false,
    ],
    ['a user with ambient capabilities', { root: false, status: status({ amb: ALL }) }, true],
    ['a user and a capable file', { root: false, status: status({}), file: GRANTED }, true],
    [
      'the same, forbidden',
      { root: false, status: status({ forbidden: true }), file: GRANTED },
      false,
    ],
    [
      'the same, out of bounds',
      { root: false, status: status({ bnd: NONE }), file: GRANTED },
      false,
    ],
  ])(
    'of %s',
    (_who, {
      root,
      status,
      file = '',
    }: { root: boolean; status: string | null; file?: string }, expected) => {
      expect(decidePrivileged({ root, status, fileCapabilities: file })).toBe(expected);
    },
  );
});

describe('detection', () => {
  const environment = process.env;

  it('finds the real nmap and its version', async () => {
    const ability = await detectNmap({ path: 'nmap', environment });
    expect(ability).toMatchObject({ name: 'nmap', available: true });
    expect(ability.version).toMatch(/^\d+\.\d+/);
  });

  it('says how to install a missing one', async () => {
    const ability = await detectNmap({ path: 'no-such-nmap', environment });
    expect(ability).toMatchObject({ available: false, version: null, privileged: false });
    expect(ability.note).toMatch(/"no-such-nmap".*apt-get install nmap/);
  });

  it('does not take another program for nmap', async () => {
    const path = join(folder, 'nmap');
    writeFileSync(path, '#!/bin/sh\necho hello\n', { mode: 0o755 });
    expect((await detectNmap({ path, environment })).note).toMatch(/--version/);
  });
});
