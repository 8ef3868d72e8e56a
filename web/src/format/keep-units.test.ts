import { expect, test } from 'vitest';
import { keepUnits } from './keep-units.ts';

test('a number stays with its unit, and words stay apart', () => {
  expect(keepUnits('9 probes over 14 s leave 19 % of 3 silent')).toBe(
    '9 probes over 14\u00a0s leave 19\u00a0% of 3 silent',
  );
});
