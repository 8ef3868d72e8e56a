import fc from 'fast-check';
import { expect, it } from 'vitest';
import { takeTurns } from './take-turns.ts';

interface Shard {
  readonly site: number;
  readonly turn: number;
}

/** Takes shards as workers do, and answers whose each of them was. */
function serve(waiting: Shard[], count: number) {
  const served: Shard[] = [];
  for (let step = 0; step < count && waiting.length > 0; step += 1) {
    waiting.sort((a, b) => a.turn - b.turn);
    served.push(waiting.shift() as Shard);
  }
  return served;
}

const ofSite = (site: number, turns: number[]) => turns.map((turn) => ({ site, turn }));

it('a scan of one shard is the next but one, however many another site has waiting', () => {
  const waiting = ofSite(1, takeTurns(0, 4_000, 1));
  const [last] = serve(waiting, 1_000).slice(-1);
  waiting.push(...ofSite(2, takeTurns(last?.turn ?? 0, 1, 1)));
  expect(serve(waiting, 2).map(({ site }) => site)).toContain(2);
});

it('two sites that both have much waiting take turns, whenever they came', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 500 }), (head) => {
      const waiting = ofSite(1, takeTurns(0, 2_000, 1));
      const now = serve(waiting, head).at(-1)?.turn ?? 0;
      waiting.push(...ofSite(2, takeTurns(now, 2_000, 1)));
      const shares = serve(waiting, 400).filter(({ site }) => site === 2).length;
      expect(shares).toBeGreaterThan(195);
      expect(shares).toBeLessThan(205);
    }),
  );
});

it('a small scan does not wait for a large one of its own site', () => {
  const waiting = ofSite(1, takeTurns(0, 4_000, 1));
  const now = serve(waiting, 10).at(-1)?.turn ?? 0;
  waiting.push(...ofSite(2, takeTurns(now, 1, 2)));
  expect(serve(waiting, 3).map(({ site }) => site)).toContain(2);
});

it('a site that starts small scans without end starves nobody', () => {
  const waiting = ofSite(1, takeTurns(0, 50, 1));
  let now = 0;
  let left = 50;
  for (let step = 0; step < 200 && left > 0; step += 1) {
    const scans = 1 + waiting.filter(({ site }) => site === 2).length;
    waiting.push(...ofSite(2, takeTurns(now, 1, scans)));
    const [shard] = serve(waiting, 1);
    now = Math.max(now, shard?.turn ?? 0);
    if (shard?.site === 1) left -= 1;
  }
  expect(left).toBe(0);
});
