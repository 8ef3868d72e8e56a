import { describe, expect, it } from 'vitest';
import { buildDeltaOfService } from '../delta/build-delta.ts';
import type { Delta } from '../delta/delta.ts';
import { createRatingMemory } from './rate-replayed.ts';

const opened = (port = 8_080, address = '10.0.0.5'): Delta =>
  buildDeltaOfService('service.opened', {
    subject: { address, protocol: 'tcp', port },
    after: { state: 'open', reason: 'syn-ack' },
  });
const became = (version: string): Delta =>
  buildDeltaOfService('service.changed', {
    subject: { address: '10.0.0.5', protocol: 'tcp', port: 8_080 },
    after: {
      ...{ state: 'open', reason: 'syn-ack' },
      service: { method: 'probed', name: 'http', product: 'nginx', version },
    },
  });

/** Rates what the last of these scans told, all of which count. */
function rateLast(scans: readonly (readonly Delta[])[], window = 35) {
  const memory = createRatingMemory({ window, dangerPorts: [] });
  const ratings = scans.map((deltas) => [...memory.rate(deltas, true).values()]);
  return ratings.at(-1);
}
const nothing = (scans: number): Delta[][] => Array.from({ length: scans }, () => []);

describe('a replayed delta, by the known points of the original, window 35', () => {
  it.each([
    [2, 'green'],
    [5, 'amber'],
    [6, 'amber'],
    [18, 'amber'],
    [35, 'amber'],
    [36, 'red'],
    [48, 'red'],
  ])('last seen %d scans ago', (ago, rating) => {
    expect(rateLast([[opened()], ...nothing(ago - 1), [opened()]])).toEqual([rating]);
  });

  it('never seen, on three hosts at once, or three times', () => {
    const three = [5, 6, 7].map((host) => opened(8_080, `10.0.0.${host}`));
    expect(rateLast([...nothing(40), [opened()]])).toEqual(['red']);
    expect(rateLast([three, ...nothing(5), three])).toEqual(['green', 'green', 'green']);
    const often = [[opened()], ...nothing(5)];
    expect(rateLast([...often, ...often, ...often, [opened()]])).toEqual(['green']);
  });

  it('is another one with another port, or when it became something else', () => {
    expect(rateLast([[opened(8_081)], [opened()]])).toEqual(['red']);
    expect(rateLast([[became('1')], [became('1')]])).toEqual(['green']);
    expect(rateLast([[became('1')], [became('2')]])).toEqual(['red']);
  });

  it('has its window off below 3, and no history in scans that do not count', () => {
    expect(rateLast([[opened()], [opened()]], 2)).toEqual(['red']);
    const memory = createRatingMemory({ window: 35, dangerPorts: [] });
    memory.rate([opened()], false);
    expect([...memory.rate([opened()], true).values()]).toEqual(['red']);
  });
});
