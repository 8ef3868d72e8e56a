import type { Probe } from './finding.ts';
import { ordinal, plural } from './plural.ts';

/** Writes a length of time given in ms: `0.7 s`, `14 s`. */
export function describeSeconds(ms: number): string {
  const seconds = ms / 1_000;
  return `${Number(seconds.toFixed(seconds < 10 ? 1 : 0))} s`;
}

/** How many probes, and over what time since the sweep: `9 probes over 14 s`. */
export function describeProbes(probes: readonly Pick<Probe, 'gapMs'>[]): string {
  return `${plural(probes.length, 'probe')} over ${describeSeconds(timeAfter(probes))}`;
}

/** One of the probes (from 0), and when after the sweep: `the 2nd probe 0.7 s later`. */
export function describeProbe(probes: readonly Pick<Probe, 'gapMs'>[], at: number): string {
  return `the ${ordinal(at + 1)} probe ${describeSeconds(timeAfter(probes, at))} later`;
}

/** How long after the sweep a probe (from 0; the last unless told otherwise) was sent, ms. */
export function timeAfter(
  probes: readonly Pick<Probe, 'gapMs'>[],
  at: number = probes.length - 1,
): number {
  return probes.slice(0, at + 1).reduce((sum, { gapMs }) => sum + gapMs, 0);
}
