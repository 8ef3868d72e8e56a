import { expect, it } from 'vitest';
import { createSlots } from './slots.ts';

it('gives each site as many places as it may have, all of them no more than there are, and takes them back', () => {
  const slots = createSlots('imports', { inAll: 3 });
  const free = slots.take('one', 2);
  slots.take('one', 2);
  expect(() => slots.take('one', 2)).toThrow('2 imports of this site run already');
  slots.take('other', 1);
  expect(() => slots.take('other', 1)).toThrow('1 imports of this site run already');
  expect(() => slots.take('third')).toThrow('3 imports run already on this server');
  free();
  free();
  slots.take('third');
  expect(() => slots.take('third')).toThrow('on this server');
});
