import { describe, expect, it } from 'vitest';
import { type DueDecision, type DueRun, decideDue } from './decide-due.ts';

const DUE = '2026-06-01T01:00:00.000Z';
const NEXT = '2026-06-01T02:00:00.000Z';

function buildRun(overrides: Partial<DueRun>): DueRun {
  return {
    timing: { kind: 'cron', cron: '0 * * * *', timeZone: 'Europe/Paris' },
    missed: 'run',
    overlap: 'skip',
    dueAt: DUE,
    now: '2026-06-01T01:00:05Z',
    running: false,
    ...overrides,
  };
}

describe('decideDue', () => {
  it.each<[string, Partial<DueRun>, DueDecision['action'], string, string | null]>([
    ['in time', {}, 'start', 'started', NEXT],
    ['at the very moment', { now: DUE }, 'start', 'started', NEXT],
    [
      'ten minutes late is not missed',
      { now: '2026-06-01T01:10:00Z', missed: 'skip' },
      'start',
      'started',
      NEXT,
    ],
    ['missed, skip', { now: '2026-06-01T01:10:01Z', missed: 'skip' }, 'skip', 'missed', NEXT],
    ['missed, run', { now: '2026-06-01T01:10:01Z' }, 'start', 'started late', NEXT],
    [
      'many missed count once',
      { now: '2026-06-03T07:30:00Z' },
      'start',
      'started late',
      '2026-06-03T08:00:00.000Z',
    ],
    [
      'many missed are skipped at once',
      { now: '2026-06-03T07:30:00Z', missed: 'skip' },
      'skip',
      'missed',
      '2026-06-03T08:00:00.000Z',
    ],
    ['overlap, skip', { running: true }, 'skip', 'still running', NEXT],
    ['overlap, wait', { running: true, overlap: 'wait' }, 'wait', 'waits', NEXT],
    [
      'missed and overlapping',
      { running: true, overlap: 'wait', missed: 'skip', now: '2026-06-01T03:30:00Z' },
      'skip',
      'missed',
      '2026-06-01T04:00:00.000Z',
    ],
    ['once', { timing: { kind: 'once', at: DUE } }, 'start', 'started', null],
    [
      'once, missed',
      { timing: { kind: 'once', at: DUE }, missed: 'skip', now: '2026-06-02T00:00:00Z' },
      'skip',
      'missed',
      null,
    ],
    [
      'interval',
      { timing: { kind: 'interval', minutes: 30, startsAt: DUE } },
      'start',
      'started',
      '2026-06-01T01:30:00.000Z',
    ],
  ])('%s', (_, overrides, action, reason, nextRunAt) => {
    const decision = decideDue(buildRun(overrides));
    expect(decision).toMatchObject({ action, nextRunAt });
    expect(decision.reason).toContain(reason);
  });

  it('runs once on the day the clock goes back', () => {
    const timing = { kind: 'cron', cron: '30 2 * * *', timeZone: 'Europe/Paris' } as const;
    const run = buildRun({ timing, dueAt: '2026-10-25T00:30:00Z', now: '2026-10-25T00:30:02Z' });
    expect(decideDue(run).nextRunAt).toBe('2026-10-26T01:30:00.000Z');
  });
});
