import { scheduleTiming } from '@netdelta/core/schedule/schedule.ts';
import { expect, test } from 'vitest';
import { draftOf, newDraft, timingOf } from './schedule-draft.ts';

const ZONE = 'Europe/Berlin';
const DRAFT = newDraft(ZONE, new Date('2026-11-24T12:20:00Z'));

test('a new schedule is every night, in the zone of the site', () => {
  expect(timingOf(DRAFT, ZONE)).toEqual({ kind: 'cron', cron: '0 2 * * *', timeZone: ZONE });
});

test.each([
  [{ kind: 'cron', cron: '7 1 * * 2', timeZone: 'Asia/Tokyo' }],
  [{ kind: 'interval', minutes: 2_880, startsAt: '2026-11-24T13:00:00.000Z' }],
  [{ kind: 'interval', minutes: 90, startsAt: '2026-11-24T13:00:00.000Z' }],
  [{ kind: 'once', at: '2026-07-01T22:30:00.000Z' }],
] as const)('%o comes out of the form as it went in', (timing) => {
  const schedule = {
    id: '1',
    groupId: '1',
    groupName: 'Office',
    timing,
    missed: 'skip',
    overlap: 'wait',
    enabled: false,
    nextRuns: [],
    lastRunAt: null,
    lastOutcome: null,
  } as const;
  const draft = draftOf({ ...schedule, nextRuns: [] }, ZONE);
  expect(timingOf(draft, ZONE)).toEqual(timing);
  expect(scheduleTiming.safeParse(timingOf(draft, ZONE)).success).toBe(true);
  expect(draft).toMatchObject({ missed: 'skip', overlap: 'wait', enabled: false });
});

test.each([
  [{ kind: 'cron', cron: ' ' }],
  [{ kind: 'once', at: '' }],
  [{ kind: 'interval', amount: 0 }],
] as const)('%o is no timing yet', (fields) => {
  expect(timingOf({ ...DRAFT, ...fields }, ZONE)).toBeNull();
});
