import { expect, test } from 'vitest';
import { scoreRounds } from '../score/score.ts';
import { medianOf, renderTable } from './render-table.ts';

const opened = { kind: 'appeared', address: '10.77.1.1', protocol: 'tcp', port: 80 } as const;

test('each result is one row under the columns, and of nothing stands nothing', () => {
  const base = {
    scenario: 'changes',
    path: 0.05,
    flips: 3,
    received: [],
    askedAgain: 0.012,
  } as const;
  const rounds = [{ expected: [opened], reported: [opened], hosts: 50 }];
  const rows = renderTable([
    {
      ...base,
      scanner: 'one',
      score: scoreRounds(rounds),
      seconds: [1, 9, 2],
      sent: [7],
      note: '',
    },
    { ...base, scanner: 'two', score: scoreRounds([]), seconds: [], sent: [], note: 'left out' },
  ])
    .split('\n')
    .map((line) => line.split('|').slice(1, -1));
  const [head = [], , one, two] = rows.map((cells) => cells.map((cell) => cell.trim()));
  const named = (cells: readonly string[] = []) =>
    Object.fromEntries(head.map((name, n) => [name, cells[n]]));
  expect(named(one)).toMatchObject({
    path: '5 % loss',
    scanner: 'one',
    false: '0',
    'same scan': '1 (100.0 %)',
    's a scan': '2.0',
    packets: '7',
  });
  expect(named(two)).toMatchObject({ 'same scan': '', 's a scan': '', note: 'left out' });
});

test.each([
  [[], 0],
  [[3, 1, 2], 2],
  [[1, 2], 2],
])('the median of %j is %d', (numbers, median) => {
  expect(medianOf(numbers)).toBe(median);
});
