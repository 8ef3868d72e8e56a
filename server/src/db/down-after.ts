import type { DownAfter } from '@netdelta/core/host/silence-rule.ts';

/** In the database 0 stands for `evidence`. */
export function readDownAfter(stored: number): DownAfter {
  return stored === 0 ? 'evidence' : stored;
}

export function writeDownAfter(rule: DownAfter): number {
  return rule === 'evidence' ? 0 : rule;
}
