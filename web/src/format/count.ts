const NUMBER = new Intl.NumberFormat('en');

/** Writes a number with its thousands set apart: `65,536`. */
export function formatNumber(amount: number): string {
  return NUMBER.format(amount);
}

/** A number with its noun: `1 address`, `254 addresses`. */
export function formatCount(amount: number, one: string, many = `${one}s`): string {
  return `${formatNumber(amount)} ${amount === 1 ? one : many}`;
}

/** A share of a whole in whole percent, 100 only when all is done. */
export function percentOf(done: number, all: number): number {
  return all === 0 ? 0 : Math.min(100, Math.floor((done / all) * 100));
}
