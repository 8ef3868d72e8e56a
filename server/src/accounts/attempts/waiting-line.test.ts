import { expect, test } from 'vitest';
import { createWaitingLine } from './waiting-line.ts';

test('so much at once, the known before the others, and no endless line', async () => {
  const line = createWaitingLine({ atOnce: 1, waiting: 2 });
  const order: string[] = [];
  const enter = async (name: string, first: boolean) => {
    const leave = await line.enter(first);
    order.push(leave ? name : `${name} refused`);
    return leave;
  };
  const leave = await enter('first', false);
  const stranger = enter('stranger', false);
  const second = enter('second stranger', false);
  await enter('third stranger', false);
  const known = enter('known', true);
  leave?.();
  (await known)?.();
  (await stranger)?.();
  (await stranger)?.();
  (await second)?.();
  expect(order).toEqual([
    'first',
    'third stranger refused',
    'known',
    'stranger',
    'second stranger',
  ]);
  expect(await enter('last', false)).not.toBeNull();
});
