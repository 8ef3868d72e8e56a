import { describe, expect, it } from 'vitest';
import { FLAPPING_WINDOW, rateOfChange, stepFlapping, type Unsteady } from './flapping.ts';

/** Steps through scans in which it changes (x) or not (.), and tells the number of each event. */
function follow(pattern: string) {
  let before: Unsteady | undefined;
  const events: string[] = [];
  const quiet: number[] = [];
  for (const [index, mark] of [...pattern].entries()) {
    const changed = mark === 'x';
    if (!before && !changed) continue;
    const step = stepFlapping(before, { what: 'tcp/80', changed, now: index + 1 });
    before = step.unsteady;
    if (step.event) events.push(`${step.event} ${index + 1}`);
    if (step.quiet) quiet.push(index + 1);
  }
  return { events, quiet, left: before };
}

describe('flapping', () => {
  it.each([
    ['one change', 'x', []],
    ['a restart that a scan met', 'xx', []],
    ['three changes', 'xxx', []],
    ['a change at each of four scans', 'xxxx', ['begins 4']],
    ['a change every seventh scan', 'x......x......x......x......x', []],
    ['a change every other scan', 'x.x.x.x.x.x', ['begins 7']],
  ])('%s', (_what, pattern, events) => {
    expect(follow(pattern).events).toEqual(events);
  });

  it('of fifty scans begins once and ends once, and is quiet in between', () => {
    const { events, quiet, left } = follow(`${'x'.repeat(50)}${'.'.repeat(30)}`);
    expect(events).toEqual(['begins 4', 'ends 58']);
    expect(quiet).toEqual(Array.from({ length: 54 }, (_, at) => at + 4));
    expect(left).toBeUndefined();
  });

  it('weighs the latest change the most, and forgets what is older than the window', () => {
    expect(rateOfChange([10], 10)).toBeCloseTo(0.06);
    expect(rateOfChange([10], 10 + FLAPPING_WINDOW - 2)).toBeCloseTo(0.04);
    expect(rateOfChange([10], 10 + FLAPPING_WINDOW)).toBe(0);
    const always = Array.from({ length: 20 }, (_, at) => at + 1);
    expect(rateOfChange(always, 20)).toBeCloseTo(1);
  });
});
