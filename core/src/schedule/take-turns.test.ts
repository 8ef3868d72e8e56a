import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { placeInSite, takeTurns } from './take-turns.ts';

interface Shard {
  readonly site: number;
  readonly scan: number;
  readonly place: number;
}

/** Sites, their waiting shards, and turns, as scans/start-scan and scans/shard-queries keep them. */
function createModel() {
  const turns: { site: number; turn: number }[] = [];
  const waiting: Shard[] = [];
  const last = new Map<number, number>();
  let now = 0;
  return {
    start: (site: number, scan: number, shards: number) => {
      const own = waiting.filter((shard) => shard.site === site).map(({ place }) => place);
      const places = placeInSite(own.length > 0 ? Math.min(...own) : null, shards);
      for (const place of places) waiting.push({ site, scan, place });
      for (const turn of takeTurns({ now, last: last.get(site) ?? 0 }, shards)) {
        turns.push({ site, turn });
        last.set(site, turn);
      }
    },
    /** Takes shards as workers do. */
    serve: (count: number): Shard[] => {
      const served: Shard[] = [];
      for (let step = 0; step < count && turns.length > 0; step += 1) {
        turns.sort((a, b) => a.turn - b.turn);
        const { site, turn } = turns.shift() as (typeof turns)[number];
        now = Math.max(now, turn);
        waiting.sort((a, b) => a.place - b.place || a.scan - b.scan);
        const index = waiting.findIndex((shard) => shard.site === site);
        served.push(...waiting.splice(index, 1));
      }
      return served;
    },
  };
}

const shareOf = (site: number, served: readonly Shard[]) =>
  served.filter((shard) => shard.site === site).length;

describe('sites', () => {
  it('a scan of one shard is the next but one, however many another site has waiting', () => {
    const model = createModel();
    model.start(1, 1, 400);
    model.serve(100);
    model.start(2, 2, 1);
    expect(shareOf(2, model.serve(2))).toBe(1);
  });

  it('that all have much waiting have the same share, however many scans they began at whatever moments', () => {
    const scans = fc.array(fc.record({ shards: fc.integer({ min: 1, max: 9 }), head: fc.nat(5) }), {
      minLength: 1,
      maxLength: 12,
    });
    fc.assert(
      fc.property(scans, (many) => {
        const model = createModel();
        model.start(2, 0, 300);
        model.serve(7);
        for (const [index, { shards, head }] of many.entries()) {
          model.start(1, index + 1, shards);
          model.serve(head);
        }
        model.start(1, 99, 300);
        const served = model.serve(200);
        expect(Math.abs(shareOf(1, served) - shareOf(2, served))).toBeLessThanOrEqual(1);
      }),
    );
  });

  it('that were idle have no credit from it', () => {
    const model = createModel();
    model.start(1, 1, 500);
    model.serve(200);
    model.start(2, 2, 500);
    expect(shareOf(2, model.serve(100))).toBe(50);
  });

  it('of which one begins small scans without end starve nobody', () => {
    const model = createModel();
    model.start(1, 1, 50);
    let left = 50;
    for (let step = 0; step < 200 && left > 0; step += 1) {
      model.start(2, step + 2, 1);
      left -= shareOf(1, model.serve(1));
    }
    expect(left).toBe(0);
  });
});

describe('the scans of one site', () => {
  it('take turns: a small one does not wait for a large one', () => {
    const model = createModel();
    model.start(1, 1, 400);
    model.serve(50);
    model.start(1, 2, 3);
    expect(model.serve(7).filter(({ scan }) => scan === 2)).toHaveLength(3);
  });

  it('have the same share, and each in its own order', () => {
    const model = createModel();
    for (const scan of [1, 2, 3]) model.start(1, scan, 100);
    const served = model.serve(90);
    for (const scan of [1, 2, 3]) {
      const places = served.filter((shard) => shard.scan === scan).map(({ place }) => place);
      expect(places).toEqual(Array.from({ length: 30 }, (_, place) => place));
    }
  });
});
