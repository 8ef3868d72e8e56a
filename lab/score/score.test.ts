import { expect, test } from 'vitest';
import type { Expected } from './expected.ts';
import type { Reported } from './reported.ts';
import { type Round, scoreRounds } from './score.ts';

const HOSTS = 50;
const opened: Reported = { kind: 'appeared', address: '10.77.1.1', protocol: 'tcp', port: 80 };
const gone: Reported = { kind: 'gone', address: '10.77.1.2' };
const goneService: Reported = { ...gone, protocol: 'tcp', port: 22 };
const optional: Expected = { ...opened, optional: true };

/** Each round as what was so, and what was told. */
function score(...rounds: readonly (readonly [readonly Expected[], readonly Reported[]])[]) {
  return scoreRounds(
    rounds.map(([expected, reported]): Round => ({ expected, reported, hosts: HOSTS })),
  );
}

const none = [[], []] as const;

test.each([
  ['nothing of nothing', score(none), {}],
  ['told at once', score([[opened], [opened]]), { changes: 1, same: 1, told: 1 }],
  [
    'told by the next scan',
    score([[opened], []], [[], [opened]]),
    { changes: 1, next: 1, told: 1 },
  ],
  ['told late', score([[opened], []], none, [[], [opened]]), { changes: 1, later: 1, told: 1 }],
  ['never told', score([[opened], []]), { changes: 1, missed: 1 }],
  [
    'told before it was so',
    score([[], [opened]], [[opened], []]),
    { changes: 1, missed: 1, falses: 1, told: 1 },
  ],
  ['told twice', score([[opened], [opened, opened]]), { changes: 1, same: 1, falses: 1, told: 2 }],
  [
    'told the wrong way round',
    score([[opened], [{ ...opened, kind: 'gone' }]]),
    { changes: 1, missed: 1, falses: 1, told: 1 },
  ],
  [
    'services of a host that is gone',
    score([[gone], [gone, goneService]]),
    { changes: 1, same: 1, told: 2 },
  ],
  [
    'services that went long after',
    score([[gone], [gone]], none, [[], [goneService]]),
    { changes: 1, same: 1, falses: 1, told: 2 },
  ],
  ['optional, told', score([[optional], [opened]]), { told: 1 }],
  ['optional, not told', score([[optional], []]), {}],
])('%s', (_name, found, numbers) => {
  const zero = { changes: 0, same: 0, next: 0, later: 0, missed: 0, falses: 0, told: 0 };
  expect(found).toMatchObject({ ...zero, ...numbers });
});

test('false ones are counted for 1,000 hosts that were scanned, and named with their scan', () => {
  const found = score(none, [[], [gone]]);
  expect(found).toMatchObject({ comparisons: 2, hostScans: 100, falsePer1000: 10 });
  expect(found.falseKeys).toEqual(['2: gone 10.77.1.2']);
});
