import type { Rated } from './rating.ts';

/** Test data: a red rating, never seen in 35 scans and confirmed. */
export function buildRated(
  overrides: Partial<Omit<Rated, 'history'>> & { history?: Partial<Rated['history']> } = {},
): Rated {
  const { history, ...others } = overrides;
  return {
    rating: 'red',
    evidence: 'confirmed',
    danger: null,
    ...others,
    history: {
      window: 35,
      scans: 35,
      last: null,
      times: 0,
      targets: 1,
      rating: 'red',
      fall: null,
      ...history,
    },
  };
}
