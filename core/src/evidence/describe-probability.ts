/** Beyond so many decimals a percentage says no more. */
const MOST_DECIMALS = 4;

/**
 * Writes a probability 0–1 in percent: `19 %`, `5.3 %`, `0.01 %`, `99.97 %`. Near 0 and 1 it has as many
 * decimals as it takes to tell it from them, so that only what is certain is ever called so.
 */
export function describeProbability(probability: number): string {
  if (probability <= 0 || probability >= 1) return `${probability <= 0 ? 0 : 100} %`;
  const percent = probability * 100;
  // What 1 − 0.9999 leaves beyond its digits is noise.
  const edge = Number(Math.min(percent, 100 - percent).toPrecision(6));
  const decimals = edge < 1 ? -Math.floor(Math.log10(edge)) : edge < 10 ? 1 : 0;
  if (decimals > MOST_DECIMALS) return percent < 50 ? 'less than 0.0001 %' : 'more than 99.9999 %';
  return `${Number(percent.toFixed(decimals))} %`;
}
