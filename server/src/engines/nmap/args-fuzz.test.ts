import { type ScanOptions, scanOptions } from '@netdelta/core/profile/options.ts';
import { parseTargets } from '@netdelta/core/target/parse-targets.ts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  buildIdentifyArguments,
  buildNmapArguments,
  buildPresenceArguments,
  type NmapArguments,
} from './args.ts';
import { findStrangeWord } from './check-arguments.ts';
import { judgeWords, NASTY } from './testing/judge-words.ts';

const nasty = fc.constantFrom(...NASTY);
const text = fc.oneof(
  nasty,
  fc.string({ unit: 'binary', maxLength: 30 }),
  fc.tuple(nasty, fc.string({ maxLength: 5 })).map((parts) => parts.join('')),
  fc
    .array(fc.oneof(nasty, fc.nat(70_000).map(String)), { maxLength: 4 })
    .map((all) => all.join(',')),
);
const ports = fc.oneof(text, {
  weight: 5,
  arbitrary: fc.constantFrom('22', '22,80-82', '0-65535', ' 22 , 80 ', '00022'),
});
const odd = fc.oneof(
  text,
  fc.double(),
  fc.integer(),
  fc.constant(null),
  fc.boolean(),
  fc.array(text),
);
const or = <T>(good: fc.Arbitrary<T>) => fc.oneof({ weight: 25, arbitrary: good }, odd);

const choice = fc.oneof(
  fc.record({ kind: fc.constant('list'), ports }),
  fc.record({ kind: fc.constant('top'), count: or(fc.integer({ min: 1, max: 65_535 })) }),
  fc.constantFrom({ kind: 'none' }, { kind: 'all' }),
);
const discovery = fc.oneof(
  fc.constantFrom({ kind: 'standard' }, { kind: 'skip' }),
  fc.record({
    kind: fc.constant('probes'),
    icmpEcho: fc.boolean(),
    icmpTimestamp: fc.boolean(),
    tcpSynPorts: fc.oneof(ports, fc.constant('')),
    tcpAckPorts: fc.oneof(ports, fc.constant('')),
    udpPorts: fc.oneof(ports, fc.constant('')),
  }),
);
const number = fc.option(or(fc.integer({ min: 0, max: 70_000 })), { nil: undefined });

/** A profile as somebody might send it to the API: much of it is refused, the rest is what nmap gets. */
const profile = fc.record(
  {
    engine: or(fc.constantFrom('auto', 'nmap', 'connect')),
    tcp: choice,
    udp: choice,
    tcpTechnique: fc.constantFrom('auto', 'syn', 'connect'),
    discovery,
    serviceDetection: fc.boolean(),
    versionIntensity: or(fc.integer({ min: 0, max: 9 })),
    osDetection: fc.boolean(),
    scripts: fc.oneof(
      { weight: 4, arbitrary: fc.subarray(['banner', 'ssl-cert', 'vuln', 'all', 'x']) },
      fc.array(text, { maxLength: 4 }),
    ),
    reverseDns: fc.boolean(),
    timing: or(fc.integer({ min: 0, max: 5 })),
    maxRetries: number,
    minRate: number,
    maxRate: number,
    hostTimeoutSeconds: number,
    probeTimeoutMs: number,
  },
  { requiredKeys: [] },
);

const question = (options: ScanOptions, addresses: readonly string[], privileged: boolean) => ({
  ...{ options, addresses, privileged },
  top: { tcp: '22,80', udp: '53' },
});

function judgeAll(words: readonly NmapArguments[], addresses: readonly string[]): string[] {
  return words
    .filter(({ problems }) => problems.length === 0)
    .flatMap(({ withAddresses }) => {
      const strange = findStrangeWord(withAddresses);
      return [...judgeWords(withAddresses, addresses), ...(strange === null ? [] : [strange])];
    });
}

const RUNS = 5_000;

describe('no input becomes an option of nmap', () => {
  it('not through any field of a profile', () => {
    let taken = 0;
    let refused = 0;
    let withScripts = 0;
    const addresses = ['127.0.1.1', '127.0.1.2'];
    fc.assert(
      fc.property(profile, fc.boolean(), (input, privileged) => {
        const parsed = scanOptions.safeParse(input);
        if (!parsed.success) {
          refused += 1;
          return;
        }
        taken += 1;
        const asked = question(parsed.data, addresses, privileged);
        const words = buildNmapArguments(asked);
        if (words.args.includes('--script')) withScripts += 1;
        const all = [
          words,
          buildPresenceArguments(asked),
          buildIdentifyArguments(asked, [[22, 80]]),
        ];
        expect(judgeAll(all, addresses)).toEqual([]);
        expect(words.args.join(' ')).not.toMatch(/vuln|\ball\b|--script \S*\bx\b/);
      }),
      { numRuns: RUNS },
    );
    // Both ways were gone often enough to prove something.
    expect(Math.min(taken, refused)).toBeGreaterThan(RUNS / 20);
    expect(withScripts).toBeGreaterThan(10);
  });

  it('not through an address, whatever it is', () => {
    const options = scanOptions.parse({ tcp: { kind: 'list', ports: '22' } });
    let refused = 0;
    const address = fc.oneof(text, fc.ipV4(), fc.ipV6(), fc.ipV4Extended());
    fc.assert(
      fc.property(fc.array(address, { minLength: 1, maxLength: 3 }), (addresses) => {
        const words = buildNmapArguments(question(options, addresses, true));
        if (words.problems.length > 0) refused += 1;
        expect(judgeAll([words], addresses)).toEqual([]);
        const isAddress = (one: string) => /^[0-9a-f.:]+$/i.test(one);
        if (words.problems.length === 0) expect(addresses.every(isAddress)).toBe(true);
      }),
      { numRuns: RUNS },
    );
    expect(refused).toBeGreaterThan(RUNS / 20);
  });

  it('not through a target: no name begins as an option does, nor holds what a shell reads', () => {
    fc.assert(
      fc.property(fc.array(text, { maxLength: 5 }), (words) => {
        for (const target of parseTargets(words.join('\n')).targets)
          expect(target.text).toMatch(/^[0-9a-z_:][0-9a-z_.:/-]*$/i);
      }),
      { numRuns: RUNS },
    );
  });
});

describe('the last look before nmap', () => {
  it.each([
    [['-oN', '/tmp/x'], '-oN'],
    [['-oX', '/tmp/x'], '-oX /tmp/x'],
    [['-iL/etc/passwd'], '-iL/etc/passwd'],
    [['--script', 'http-* or vuln'], '--script http-* or vuln'],
    [['--script', '/tmp/x.nse'], '--script /tmp/x.nse'],
    [['--script=vuln'], '--script=vuln'],
    [['-p', '-oN'], '-p -oN'],
    [['-p'], '-p '],
    [['example.org'], 'example.org'],
    [['127.0.0.1/8'], '127.0.0.1/8'],
    [['::1%lo'], '::1%lo'],
    [['constructor'], 'constructor'],
  ])('%j has a strange word', (args, strange) => {
    expect(findStrangeWord(args)).toBe(strange);
  });
});
