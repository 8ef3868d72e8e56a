import fc from 'fast-check';
import { expect, it } from 'vitest';
import { reverseEdit, sumEdits, type TargetDelta } from './net-edits.ts';

const edit = (kind: TargetDelta['kind'], target: string, addresses = 1): TargetDelta => ({
  kind,
  subject: { target },
  before: kind === 'target.removed' ? { addresses } : null,
  after: kind === 'target.added' ? { addresses } : null,
  evidence: { reason: 'edited' },
});
const [add, remove] = [edit('target.added', 'a'), edit('target.removed', 'a')];

it.each([
  [[], []],
  [[add], [add]],
  [[add, remove], []],
  [[remove, add], []],
  [[add, remove, edit('target.added', 'a', 2)], [edit('target.added', 'a', 2)]],
  [
    [remove, edit('target.added', 'b')],
    [remove, edit('target.added', 'b')],
  ],
])('of %j there remain %j', (edits, sum) => {
  expect(sumEdits(edits)).toEqual(sum);
});

it('what is left leads from the targets of before to those of after, forwards and backwards', () => {
  const anyTargets = fc.subarray(['a', 'b', 'c', 'd']);
  fc.assert(
    fc.property(fc.array(anyTargets, { minLength: 1, maxLength: 6 }), (history) => {
      const edits = history.slice(1).flatMap((now, at) => {
        const before = history[at] ?? [];
        return [
          ...now.filter((one) => !before.includes(one)).map((one) => edit('target.added', one)),
          ...before.filter((one) => !now.includes(one)).map((one) => edit('target.removed', one)),
        ];
      });
      const apply = (from: readonly string[], told: readonly TargetDelta[]) => {
        const targets = new Set(from);
        for (const { kind, subject } of told) {
          expect(targets.has(subject.target)).toBe(kind === 'target.removed');
          if (kind === 'target.added') targets.add(subject.target);
          else targets.delete(subject.target);
        }
        return targets;
      };
      const [first = [], last = []] = [history[0], history.at(-1)];
      expect(apply(first, sumEdits(edits))).toEqual(new Set(last));
      expect(apply(last, sumEdits(edits).map(reverseEdit))).toEqual(new Set(first));
    }),
  );
});
