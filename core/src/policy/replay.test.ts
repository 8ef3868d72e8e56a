import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Delta } from '../delta/delta.ts';
import type { Sight } from '../host/decide-sight.ts';
import type { DownAfter, SilenceRules } from '../host/silence-rule.ts';
import { createRandom, scanNetwork, type TrueNetwork } from '../host/simulate-network.ts';
import { createReplay, deltaIdentity, type PastScan, type PastSight } from './replay.ts';

const RUNS = 300;
const both = (rule: DownAfter): SilenceRules => ({ downAfter: rule, serviceDownAfter: rule });
const anyRule: fc.Arbitrary<DownAfter> = fc.oneof(
  fc.constant('evidence' as const),
  fc.integer({ min: 1, max: 10 }),
);

interface StoredScan {
  readonly scan: PastScan;
  readonly past: PastSight;
}

/** Scans a network that changes from scan to scan, as a group is: what is stored, and what was told. */
function live(
  networks: readonly TrueNetwork[],
  { rules, loss, seed }: { rules: SilenceRules; loss: number; seed: number },
) {
  const random = createRandom(seed);
  let beliefs: Parameters<typeof scanNetwork>[1] = new Map();
  const stored: StoredScan[] = [];
  const told: (readonly Delta[])[] = [];
  for (const [index, network] of networks.entries()) {
    const number = index + 1;
    const result = scanNetwork(network, beliefs, { path: { loss, random }, number, rules });
    beliefs = result.beliefs;
    told.push(result.decision.deltas);
    stored.push(store(result.sight, number));
  }
  return { stored, told };
}

function store(sight: Sight, number: number, more: Partial<PastScan> = {}): StoredScan {
  const at = new Date(Date.UTC(2026, 0, number, 2)).toISOString();
  const scan = { id: `scan-${number}`, number, first: number === 1, afterBlind: false, ...more };
  return { scan, past: { way: 'simulated', sight, at } };
}

function replayAll(stored: readonly StoredScan[], rules: SilenceRules) {
  const replay = createReplay();
  return stored.map(({ scan, past }) => replay.see(scan, past, () => rules));
}

const anyHost = fc.record({
  up: fc.boolean(),
  ping: fc.boolean(),
  rejects: fc.boolean(),
  open: fc.subarray([22, 80, 443, 8080]),
});
/** Networks of the same hosts, each of which changes at will. */
const anyHistory = fc.integer({ min: 1, max: 5 }).chain((hosts) =>
  fc.array(
    fc
      .array(anyHost, { minLength: hosts, maxLength: hosts })
      .map((all) => Object.fromEntries(all.map((host, at) => [`10.0.${at * 8}.5`, host] as const))),
    { minLength: 1, maxLength: 12 },
  ),
);
const anyLoss = fc.constantFrom(0, 0.02, 0.19, 0.36);
const anySeed = fc.integer({ min: 0, max: 2 ** 31 });

describe('a replay', () => {
  it('by the rules of then tells exactly what was told, every time', () => {
    fc.assert(
      fc.property(anyHistory, anyRule, anyLoss, anySeed, (history, rule, loss, seed) => {
        const rules = both(rule);
        const { stored, told } = live(history, { rules, loss, seed });
        expect(replayAll(stored, rules)).toEqual(told);
        expect(replayAll(stored, rules)).toEqual(told);
      }),
      { numRuns: RUNS },
    );
  });

  it('that begins later learns first, and tells nothing of what it finds', () => {
    fc.assert(
      fc.property(anyHistory, anyRule, anySeed, (history, rule, seed) => {
        const rules = both(rule);
        const { stored } = live(history, { rules, loss: 0, seed });
        const [begun, ...rest] = stored.slice(Math.floor(stored.length / 2)) as [StoredScan];
        const late = [{ ...begun, scan: { ...begun.scan, first: true } }, ...rest];
        expect(replayAll(late, rules)[0]).toEqual([]);
      }),
      { numRuns: RUNS },
    );
  });

  it('by a stricter number never tells earlier that a host is down', () => {
    const anyOutages = fc.array(
      fc.record({ from: fc.integer({ min: 2, max: 12 }), scans: fc.integer({ min: 1, max: 14 }) }),
      { minLength: 1, maxLength: 6 },
    );
    fc.assert(
      fc.property(anyOutages, fc.integer({ min: 1, max: 9 }), anySeed, (outages, rule, seed) => {
        const history = Array.from({ length: 20 }, (_, index) =>
          Object.fromEntries(
            outages.map(({ from, scans }, at) => {
              const up = index + 1 < from || index + 1 >= from + scans;
              return [`10.0.${at}.5`, { up, ping: true, rejects: true, open: [22] }];
            }),
          ),
        );
        const { stored } = live(history, { rules: both('evidence'), loss: 0, seed });
        const soon = firstDowns(replayAll(stored, both(rule)));
        const late = firstDowns(replayAll(stored, both(rule + 1)));
        expect([...soon.keys()]).toEqual(expect.arrayContaining([...late.keys()]));
        for (const [address, scan] of late) expect(scan).toBe((soon.get(address) ?? 0) + 1);
        for (const [at, { from, scans }] of outages.entries())
          expect(soon.get(`10.0.${at}.5`)).toBe(
            scans >= rule && from + rule - 2 < history.length ? from + rule - 2 : undefined,
          );
      }),
      { numRuns: RUNS },
    );
  });
});

/** By address: the index of the scan that first told it down, alone or with its subnet. */
function firstDowns(told: readonly (readonly Delta[])[]): Map<string, number> {
  const first = new Map<string, number>();
  for (const [scan, deltas] of told.entries())
    for (const delta of deltas)
      for (const address of downOf(delta)) first.set(address, first.get(address) ?? scan);
  return first;
}

function downOf(delta: Delta): readonly string[] {
  if (delta.kind === 'subnet.down') return delta.after?.addresses ?? [];
  return delta.kind === 'host.down' ? [delta.subject.address] : [];
}

describe('several shards of one scan', () => {
  const blind: Sight = {
    snapshot: { hosts: [], uncovered: [] },
    ...{ findings: [], sentinels: [], path: 'blind', openDecoys: {} },
  };
  const tell = (stored: readonly StoredScan[]) =>
    replayAll(stored, both(3)).map((deltas) => deltas.map(deltaIdentity));

  it('that were all blind tell it once, and not again in the next scan', () => {
    const next = store(blind, 3, { afterBlind: true });
    expect(tell([store(blind, 2), store(blind, 2), next])).toEqual([
      ['scanner.blind scanner'],
      [],
      [],
    ]);
  });
});
