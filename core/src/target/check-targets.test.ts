import { describe, expect, it } from 'vitest';
import { checkTargets } from './check-targets.ts';

const check = (targets: string, exclusions = '', limit = 1_000) =>
  checkTargets({ targets, exclusions, limit });

describe('checkTargets', () => {
  it('counts addresses and names after exclusions and shows the targets as read', () => {
    const checked = check('10.0.0.7/29 web.example', '10.0.0.0');
    expect(checked).toMatchObject({
      addressCount: 7,
      nameCount: 1,
      normalised: ['10.0.0.0/29', 'web.example'],
      problems: [],
    });
    expect(checked.set.exclusions.map(({ text }) => text)).toEqual(['10.0.0.0']);
  });

  it('lists the problems of both fields', () => {
    const { problems } = check('10.0.0.1\n300.1.1.1', '1.2.3');
    expect(problems.map(({ field, line, text }) => [field, line, text])).toEqual([
      ['targets', 2, '300.1.1.1'],
      ['exclusions', 1, '1.2.3'],
    ]);
  });

  it.each([
    ['', '', 'targets', 'at least one address'],
    ['# none', '10.0.0.1', 'targets', 'at least one address'],
    ['10.0.0.1', '10.0.0.0/8', 'exclusions', 'take out every target'],
    ['web.example', 'WEB.example', 'exclusions', 'take out every target'],
    [
      '10.0.0.0/16',
      '',
      'targets',
      "65,536 hosts, and this site's groups hold at most 1,000 together",
    ],
    ['10.0.0.0/22', '10.0.0.0/28', 'targets', '1,008 hosts'],
  ])('%j less %j is one problem', (targets, exclusions, field, message) => {
    const { problems } = check(targets, exclusions);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatchObject({ field, line: 1 });
    expect(problems[0]?.message).toContain(message);
  });

  it('holds exactly the limit', () => {
    expect(check('10.0.0.0/30', '', 4).problems).toEqual([]);
    expect(check('10.0.0.0/30 web.example', '', 4).problems).toHaveLength(1);
  });

  it('caps a count that no number holds', () => {
    expect(check('::/0').addressCount).toBe(Number.MAX_SAFE_INTEGER);
  });

  it('does not call targets missing that could not be read', () => {
    expect(check('300.1.1.1').problems).toHaveLength(1);
  });
});
