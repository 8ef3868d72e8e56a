/** Chance that is the same for the same seed. */
export interface Chance {
  /** 0 ≤ n < below */
  readonly number: (below: number) => number;
  readonly one: <T>(of: readonly T[]) => T;
}

/** mulberry32, a small generator of 32 bits. */
export function createChance(seed: number): Chance {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let bits = Math.imul(state ^ (state >>> 15), 1 | state);
    bits = (bits + Math.imul(bits ^ (bits >>> 7), 61 | bits)) ^ bits;
    return ((bits ^ (bits >>> 14)) >>> 0) / 4_294_967_296;
  };
  const number = (below: number) => Math.floor(next() * below);
  return { number, one: (of) => of[number(of.length)] as (typeof of)[number] };
}
