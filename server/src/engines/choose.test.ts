import { type ScanOptionsInput, scanOptions } from '@netdelta/core/profile/options.ts';
import { describe, expect, it } from 'vitest';
import { chooseEngine } from './choose.ts';
import type { Engine, EngineAbility, EngineName } from './engine.ts';

function buildEngine(name: EngineName, ability: Partial<EngineAbility> = {}): Engine {
  const whole = {
    name,
    available: true,
    version: '1',
    privileged: false,
    note: `${name} note`,
    ...ability,
  };
  return { name, detect: async () => whole, run: () => Promise.reject(new Error('not here')) };
}

const connect = buildEngine('connect');
const full = buildEngine('nmap', { privileged: true });
const weak = buildEngine('nmap');
const none = buildEngine('nmap', { available: false, note: 'install nmap' });
const choose = (nmap: Engine, input: ScanOptionsInput) =>
  chooseEngine([connect, nmap], scanOptions.parse(input));
const udp = { kind: 'top', count: 5 } as const;

describe('the choice', () => {
  it.each<[string, Engine, ScanOptionsInput, string | undefined, RegExp, RegExp[]]>([
    [
      'connect by itself, helped by nmap',
      full,
      { serviceDetection: true },
      'connect',
      /^connect 1, chosen automatically: a sweep.*; nmap 1 asks the silent addresses by ICMP and ARP and identifies/,
      [],
    ],
    [
      'connect without ICMP where the profile does not ask it',
      full,
      { discovery: { kind: 'skip' } },
      'connect',
      /a sweep by TCP connects, the fastest way to these ports\.$/,
      [],
    ],
    [
      'connect where nmap has no rights, with how to give them',
      weak,
      {},
      'connect',
      /these ports\. nmap note$/,
      [],
    ],
    ['connect where nmap is missing', none, {}, 'connect', /plain TCP connects\. install nmap/, []],
    [
      'connect on purpose',
      full,
      { engine: 'connect' },
      'connect',
      /says: plain TCP connects\.$/,
      [],
    ],
    ['nmap on purpose', full, { engine: 'nmap' }, 'nmap', /as the profile says: SYN scan/, []],
    [
      'nothing where nmap is asked and missing',
      none,
      { engine: 'nmap' },
      undefined,
      /nmap is not available here: install nmap/,
      [/install nmap/],
    ],
    ['nmap for UDP', full, { udp }, 'nmap', /SYN.*Only nmap can do this: UDP ports\./, []],
    ['nmap for UDP, without rights', weak, { udp }, 'nmap', /without/, [/UDP.*cap_net_raw/]],
    [
      'nmap for all that connect lacks',
      full,
      { osDetection: true, tcpTechnique: 'syn', scripts: ['banner'] },
      'nmap',
      /operating system detection, scripts, the SYN scan\./,
      [],
    ],
    [
      'nmap for discovery by ACK',
      full,
      { discovery: { kind: 'probes', tcpAckPorts: '80' } },
      'nmap',
      /discovery by ACK or UDP/,
      [],
    ],
    [
      'connect with problems for all that it lacks',
      none,
      { udp, osDetection: true, tcpTechnique: 'syn', scripts: ['banner'] },
      'connect',
      /connect/,
      [/UDP.*choose nmap/, /Operating/, /SYN/, /Scripts need nmap/],
    ],
  ])('is %s', async (_what, nmap, input, name, choice, problems) => {
    const chosen = await choose(nmap, input);
    expect(chosen.engine?.name).toBe(name);
    expect(chosen.choice).toMatch(choice);
    expect(chosen.problems).toHaveLength(problems.length);
    for (const [index, problem] of problems.entries())
      expect(chosen.problems[index]).toMatch(problem);
  });

  it.each<[string, Engine, ScanOptionsInput, boolean]>([
    ['nmap helps with raw sockets', full, {}, true],
    ['nmap helps without', weak, {}, false],
    ['nmap is missing', none, {}, false],
    ['nmap may not help', full, { engine: 'connect' }, false],
  ])('gives connect the rights of its helper: %s', async (_what, nmap, input, privileged) => {
    expect((await choose(nmap, input)).ability).toMatchObject({ name: 'connect', privileged });
  });
});
