import { buildDeltaOfHost } from '@netdelta/core/delta/build-delta.ts';
import type { Delta } from '@netdelta/core/delta/delta.ts';
import { expect, it } from 'vitest';
import type { JudgedScan } from './replay-judge.ts';
import { createReplayReport } from './replay-report.ts';

const judged = (deltas: readonly Delta[]): JudgedScan => ({
  ...{ deltas, ratings: new Map(), beliefOf: () => undefined },
  rulesOf: () => ({ downAfter: 3, serviceDownAfter: 3 }),
});
const down = (count: number): Delta[] =>
  Array.from({ length: count }, (_, host) =>
    buildDeltaOfHost('host.down', { subject: { address: `10.0.0.${host}` } }),
  );

function addScan(report: ReturnType<typeof createReplayReport>, number: number, now: Delta[]) {
  const at = new Date(0);
  const scan = { id: `scan ${number}`, number, finished_at: at, created_at: at };
  report.add({ scan, learns: false, told: [], replayed: judged([]), now: judged(now) });
}

it('lists at most 50 deltas of a scan and 1,000 in all, and counts every one', () => {
  const report = createReplayReport('UTC');
  for (let number = 1; number <= 25; number += 1) addScan(report, number, down(60));
  const { totals, scans } = report.end();
  expect(totals).toMatchObject({ told: 0, wouldTell: 1_500, more: 1_500 });
  expect(scans.map(({ deltas, leftOut }) => [deltas.length, leftOut])).toEqual([
    ...Array(20).fill([50, 10]),
    ...Array(5).fill([0, 60]),
  ]);
});
