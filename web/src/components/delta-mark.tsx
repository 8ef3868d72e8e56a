import type { DeltaKind } from '@netdelta/core/delta/kinds.ts';
import classes from './delta-mark.module.css';

const SIGNS: Readonly<Record<DeltaKind, string>> = {
  'target.added': '+',
  'target.removed': '−',
  'host.new': '+',
  'host.returned': '↑',
  'host.down': '↓',
  'host.moved': '→',
  'host.flapping': '↕',
  'host.answersEverything': '∗',
  'service.opened': '+',
  'service.closed': '−',
  'service.filtered': '−',
  'service.changed': '~',
  'service.flapping': '↕',
  'subnet.down': '↓',
  'subnet.returned': '↑',
  'scanner.blind': '!',
};

/** The direction of a change at a glance; its words always stand beside it. */
export function DeltaMark({ kind }: { kind: DeltaKind }) {
  const sign = SIGNS[kind];
  return (
    <span className={classes.mark} data-sign={sign} aria-hidden>
      {sign}
    </span>
  );
}
