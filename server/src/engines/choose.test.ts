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
    ['nmap by itself', full, {}, 'nmap', /nmap 1, chosen automatically: SYN scan/, []],
    ['nmap without rights', weak, {}, 'nmap', /TCP connect scan, without raw sockets/, []],
    ['connect where nmap is missing', none, {}, 'connect', /plain TCP connects\. install nmap/, []],
    ['connect on purpose', full, { engine: 'connect' }, 'connect', /as the profile says/, []],
    [
      'nothing where nmap is asked and missing',
      none,
      { engine: 'nmap' },
      undefined,
      /nmap is not available here: install nmap/,
      [/install nmap/],
    ],
    ['UDP with rights', full, { udp }, 'nmap', /SYN/, []],
    ['UDP without rights', weak, { udp }, 'nmap', /without/, [/UDP.*cap_net_raw/]],
    [
      'all that connect lacks',
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
});
