import { expect, test } from 'vitest';
import { findLeftOvers, nameNetwork } from './namespaces.ts';

test('namespaces are left over when their process is gone, or another has its number', () => {
  const names = [
    'ndlab-10-500-abc123-near',
    'ndlab-11-500-abc123-far',
    'ndlab-12-500-abc123-leaf1',
    'mine',
    'ndlab-13',
  ];
  const starts: Readonly<Record<number, string>> = { 10: '500', 11: '900' };
  expect(findLeftOvers(names, (pid) => starts[pid])).toEqual([names[1], names[2]]);
});

test('two networks of one process have two names', () => {
  expect(nameNetwork()).not.toBe(nameNetwork());
});
