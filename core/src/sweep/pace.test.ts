import { describe, expect, it } from 'vitest';
import { decidePace, type Pace, type PaceLimits, type PassSeen, startPace } from './pace.ts';

const free: Pace = { rate: null };
const trying: Pace = { rate: 1000, trial: { loss: 0.5, rate: null } };
const seen = (rate: number, loss: number, answers = 500): PassSeen => ({ rate, loss, answers });

describe('the pace', () => {
  it.each<[string, Pace, PassSeen, PaceLimits, Pace]>([
    ['stays where little is lost', free, seen(5000, 0.2), {}, free],
    ['stays where too little answered to tell', free, seen(5000, 0.6, 20), {}, free],
    [
      'is halved for a try where much is lost',
      free,
      seen(5000, 0.4),
      {},
      { rate: 2500, trial: { loss: 0.4, rate: null } },
    ],
    [
      "never goes below the profile's rate",
      free,
      seen(5000, 0.4),
      { minRate: 4000 },
      { rate: 4000, trial: { loss: 0.4, rate: null } },
    ],
    ['cannot be slower than that', { rate: 300 }, seen(290, 0.4), { minRate: 300 }, { rate: 300 }],
    ['waits for what was asked in the try', trying, seen(5000, 0.4), {}, trying],
    [
      'is restored where the path loses as much',
      trying,
      seen(900, 0.44),
      {},
      { rate: null, ownLoss: 0.44 },
    ],
    ['stays slow where that helped', trying, seen(900, 0.05), {}, { rate: 1000 }],
    [
      'is halved again where it helped only a part',
      trying,
      seen(1000, 0.26),
      {},
      { rate: 500, trial: { loss: 0.26, rate: 1000 } },
    ],
    [
      "is not tried again at the path's own loss",
      { rate: null, ownLoss: 0.38 },
      seen(5000, 0.4),
      {},
      { rate: null, ownLoss: 0.38 },
    ],
    [
      'is tried again at a much higher one',
      { rate: null, ownLoss: 0.2 },
      seen(4000, 0.4),
      {},
      { rate: 2000, trial: { loss: 0.4, rate: null } },
    ],
  ])('%s', (_what, pace, pass, limits, expected) => {
    expect(decidePace(pace, pass, limits)).toEqual(expected);
  });

  it("begins with the profile's highest rate", () => {
    expect(startPace({ maxRate: 100 })).toEqual({ rate: 100 });
    expect(startPace({})).toEqual({ rate: null });
  });

  it('finds the rate that a path can carry, and stays near it', () => {
    const capacity = 1000;
    let pace: Pace = free;
    for (let pass = 0; pass < 12; pass += 1) {
      const rate = pace.rate ?? 8000;
      pace = decidePace(pace, seen(rate, Math.max(0.02, 1 - capacity / rate)), {});
    }
    expect(pace.rate).toBeLessThanOrEqual(capacity);
    expect(pace.rate).toBeGreaterThan(capacity / 4);
  });
});
