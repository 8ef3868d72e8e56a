import { expect, test } from 'vitest';
import { parseCounters } from './counters.ts';

test('the counters are found among what nft prints', () => {
  const json = {
    nftables: [
      { metainfo: { version: '1.0.6' } },
      { counter: { family: 'netdev', name: 'received', packets: 238, bytes: 13480 } },
      { counter: { family: 'netdev', name: 'sent', packets: 512, bytes: 22244 } },
    ],
  };
  expect(parseCounters(JSON.stringify(json))).toEqual({ sent: 512, received: 238 });
});
