import { expect, it } from 'vitest';
import { type NmapPace, type NmapPaceQuestion, planNmapPace } from './nmap-pace.ts';

it.each<[string, Partial<NmapPaceQuestion>, NmapPace]>([
  ['a good path', { loss: 0 }, { minRate: 2000, maxRetries: 3 }],
  ['an unknown one', {}, { minRate: 2000, maxRetries: 6 }],
  ['a lossy one', { loss: 0.1 }, { minRate: 2000, maxRetries: 6 }],
  ['one that cannot carry the rate', { loss: 0.5 }, { minRate: 500, maxRetries: 6 }],
  ['a normal timing', { timing: 3, loss: 0 }, { minRate: 300, maxRetries: 3 }],
  ['a polite timing', { timing: 2, loss: 0.5 }, {}],
  ['the fastest timing', { timing: 5, loss: 0 }, { minRate: 4000, maxRetries: 3 }],
  ['UDP', { udp: true, loss: 0.1 }, {}],
  ["a profile's highest rate", { maxRate: 100, loss: 0 }, { minRate: 100, maxRetries: 3 }],
])('%s', (_what, question, pace) => {
  const whole = { timing: 4, loss: undefined, udp: false, maxRate: undefined, ...question };
  expect(planNmapPace(whole)).toEqual(pace);
});
