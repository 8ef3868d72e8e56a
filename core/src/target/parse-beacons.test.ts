import { expect, it } from 'vitest';
import { parseBeacons } from './parse-beacons.ts';

it('reads addresses to ping and endpoints to connect to', () => {
  const text = '# the way out\n10.0.0.1  # router\n10.0.0.2:443\r\n[2001:DB8::1]:22\n2001:db8::2\n';
  expect(parseBeacons(text)).toEqual({
    beacons: [
      { address: '10.0.0.1', contacts: ['icmp'] },
      { address: '10.0.0.2', contacts: ['tcp/443'] },
      { address: '2001:db8::1', contacts: ['tcp/22'] },
      { address: '2001:db8::2', contacts: ['icmp'] },
    ],
    problems: [],
  });
});

it('lists every line that is none, and too many of them', () => {
  const wrong = 'router.example\n10.0.0.1:0\n10.0.0.1:65536\n010.0.0.1\n10.0.0.0/8\n-oG';
  expect(parseBeacons(wrong).problems.map(({ line }) => line)).toEqual([1, 2, 3, 4, 5, 6]);
  const many = Array.from({ length: 21 }, (_, at) => `10.0.0.${at}`).join('\n');
  expect(parseBeacons(many).problems).toMatchObject([{ line: 21 }]);
});
