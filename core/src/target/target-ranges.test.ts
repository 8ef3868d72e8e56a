import { expect, it } from 'vitest';
import { parseTargets } from './parse-targets.ts';
import { isWithin, rangesLeft } from './target-ranges.ts';

const ranges = (text: string) => rangesLeft(parseTargets(text).targets, []);

it.each<[targets: string, address: string, within: boolean]>([
  ['10.0.0.1\n10.0.0.3-9\n2001:db8::/64', '10.0.0.1', true],
  ['10.0.0.1\n10.0.0.3-9\n2001:db8::/64', '10.0.0.2', false],
  ['10.0.0.1\n10.0.0.3-9\n2001:db8::/64', '10.0.0.9', true],
  ['10.0.0.1\n10.0.0.3-9\n2001:db8::/64', '2001:db8::5', true],
  ['10.0.0.1\n10.0.0.3-9\n2001:db8::/64', '2001:db9::5', false],
  ['10.0.0.1', 'no address', false],
])('of %j, %s: %s', (targets, address, within) => {
  expect(isWithin(ranges(targets), address)).toBe(within);
});
