import { expect, it } from 'vitest';
import { parseArpTable } from './neighbours.ts';

it('reads who answered ARP, and nobody else', () => {
  const table = `IP address       HW type     Flags       HW address            Mask     Device
10.0.0.5         0x1         0x2         52:54:00:ab:cd:ef     *        eth0
10.0.0.6         0x1         0x0         00:00:00:00:00:00     *        eth0
10.0.0.7         0x1         0x6         52:54:00:00:00:07     *        eth0
`;
  expect([...parseArpTable(table)]).toEqual([
    ['10.0.0.5', '52:54:00:AB:CD:EF'],
    ['10.0.0.7', '52:54:00:00:00:07'],
  ]);
  expect(parseArpTable('').size).toBe(0);
});
