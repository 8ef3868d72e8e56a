import { expect, test } from 'vitest';
import { CLEAR_PATH, type PathState, renderPathState } from './path-rules.ts';

const ruleLines = (state: Partial<PathState>) =>
  renderPathState({ ...CLEAR_PATH, ...state })
    .split('\n')
    .filter((line) => line.startsWith('add'));

test.each<[string, Partial<PathState>, string[]]>([
  ['a clear path', {}, []],
  [
    'loss in one direction',
    { loss: { forward: 0.05, back: 0 } },
    ['add rule netdev path forward numgen random mod 10000 < 500 drop'],
  ],
  [
    'a burst',
    { burst: 0.95 },
    ['forward', 'back'].map(
      (chain) => `add rule netdev path ${chain} numgen random mod 10000 < 9500 drop`,
    ),
  ],
  [
    'total loss, and an outage of the scanner',
    { loss: { forward: 1, back: 0 }, outage: 'scanner' },
    ['forward', 'forward', 'back'].map(
      (chain) => `add rule netdev path ${chain} meta length >= 0 drop`,
    ),
  ],
  [
    'an outage of a subnet',
    { outage: { subnet: '10.77.2.0/24' } },
    [
      'add rule netdev path forward ip daddr 10.77.2.0/24 drop',
      'add rule netdev path forward arp daddr ip 10.77.2.0/24 drop',
      'add rule netdev path back ip saddr 10.77.2.0/24 drop',
      'add rule netdev path back arp saddr ip 10.77.2.0/24 drop',
    ],
  ],
])('%s', (_name, state, lines) => {
  expect(ruleLines(state)).toEqual(lines);
});

test.each([-0.1, 1.1, Number.NaN])('a loss of %s is refused', (forward) => {
  expect(() => ruleLines({ loss: { forward, back: 0 } })).toThrow(RangeError);
});
