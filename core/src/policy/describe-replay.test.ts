import { describe, expect, it } from 'vitest';
import type { ReplayTotals } from '../api/replay.ts';
import { replayPolicy } from '../api/replay.ts';
import { buildDeltaOfHost, buildDeltaOfService } from '../delta/build-delta.ts';
import type { HostBelief } from '../host/belief.ts';
import { describeTold, describeUntold } from './describe-grounds.ts';
import { describeReplay } from './describe-replay.ts';

const NONE: ReplayTotals = {
  ...{ told: 12, wouldTell: 12, less: 0, more: 0 },
  ...{ later: 0, earlier: 0, rerated: 0, unexplained: 0 },
};

describe('a replay in one line', () => {
  it.each<[scans: number, totals: Partial<ReplayTotals>, line: string]>([
    [30, {}, 'over 30 scans: told 12, would have told the same'],
    [
      30,
      { wouldTell: 9, less: 3, later: 2 },
      'over 30 scans: told 12, would have told 9: 3 less, 0 more; 2 told later',
    ],
    [
      1,
      { wouldTell: 13, more: 1, earlier: 1, rerated: 4 },
      'over 1 scan: told 12, would have told 13: 0 less, 1 more; 1 told earlier; 4 rated otherwise',
    ],
  ])('%#', (scans, totals, line) => {
    expect(describeReplay(scans, { ...NONE, ...totals })).toBe(line);
  });
});

const since = { scanId: 's', at: '2026-01-01T02:00:00Z' };
const believed: HostBelief = {
  ...{ address: '10.0.0.5', status: 'MISSED', reason: 'echo-reply', contacts: [], names: [] },
  known: { tcp: [], udp: [] },
  ...{ services: [], unsteady: [], silence: { scans: 1, since, likelihood: 0.7 } },
};
const down = buildDeltaOfHost('host.down', { subject: { address: '10.0.0.5' } });
const closed = buildDeltaOfService('service.closed', {
  subject: { address: '10.0.0.5', protocol: 'tcp', port: 80 },
});
const both = (rule: 'evidence' | number) => ({ downAfter: rule, serviceDownAfter: rule });

describe('why something is told', () => {
  it('names the answer, or the silence and what made it enough', () => {
    const silence = { scans: 3, since };
    const told = (downAfter: 'evidence' | number) =>
      describeTold({
        evidence: {
          ...{ reason: 'no-response', likelihood: 0.9999, silence: { ...silence, downAfter } },
        },
      });
    expect(describeTold({ evidence: { reason: 'reset' } })).toBe('reset');
    expect(told(3)).toBe('silent in 3 scans in a row, as the rule says');
    expect(told('evidence')).toBe('silent in 3 scans in a row, likelihood 99.9 %');
  });
});

describe('why something is not told', () => {
  it.each<[what: string, belief: HostBelief | undefined, rule: 'evidence' | number, why: string]>([
    ['held by number', believed, 3, 'held: silent in 1 scan, the rule says 3'],
    ['held by evidence', believed, 'evidence', 'held: silent in 1 scan, likelihood 70.0 %'],
    ['down already', { ...believed, status: 'STILL_DOWN' }, 1, /earlier scan/.source],
    ['unknown', undefined, 1, 'never seen up'],
    [
      'flapping',
      { ...believed, unsteady: [{ what: 'host', changes: [1, 2], flappingSince: 2 }] },
      1,
      'it flaps, which is told once',
    ],
  ])('%s', (_what, belief, rule, why) => {
    expect(describeUntold(down, belief, both(rule))).toMatch(new RegExp(why));
  });

  it('looks at the service where it is one', () => {
    const service = { protocol: 'tcp', port: 80, reason: 'syn-ack' } as const;
    const held = { ...service, silence: { scans: 2, since } };
    expect(describeUntold(closed, { ...believed, services: [held] }, both(4))).toBe(
      'held: silent in 2 scans in a row, the rule says 4',
    );
    expect(describeUntold(closed, believed, both(4))).toBe(
      'it counts as gone since an earlier scan',
    );
  });
});

describe('a policy to try', () => {
  it('is refused with all its problems', () => {
    const wrong = { downAfter: 'never', serviceDownAfter: 11, historyWindow: 1.5, dwonAfter: 3 };
    const { error } = replayPolicy.safeParse(wrong);
    const problems = error?.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
    expect(problems).toEqual([
      'downAfter: give "evidence" or a whole number from 1 to 10',
      'serviceDownAfter: give "evidence" or a whole number from 1 to 10',
      'historyWindow: give a whole number from 0 to 100',
      ': Unrecognized key: "dwonAfter"',
    ]);
    expect(replayPolicy.safeParse({}).error?.issues[0]?.message).toMatch(/^name at least one/);
    expect(replayPolicy.parse({ downAfter: 3 })).toEqual({ downAfter: 3 });
  });
});
