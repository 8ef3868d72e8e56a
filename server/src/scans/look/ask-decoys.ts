import { setTimeout as wait } from 'node:timers/promises';
import { decideAnswersEverything, listDecoys } from '@netdelta/core/evidence/answers-everything.ts';
import { gapBefore } from '@netdelta/core/evidence/finding.ts';
import type { HostBelief } from '@netdelta/core/host/belief.ts';
import type { HostObservation } from '@netdelta/core/snapshot/snapshot.ts';
import type { Prober } from '../../engines/prober/prober.ts';

/** Fewer that are not open, and no host is said not to answer on any port any more. */
const ENOUGH_REFUSED = 3;
/** A decoy that stays silent is asked so often: on a lossy path an open one may not answer at once. */
const MOST_ATTEMPTS = 6;

export interface DecoyQuestion {
  readonly hosts: readonly HostObservation[];
  readonly known: ReadonlyMap<string, HostBelief>;
  /** Chooses the ports. */
  readonly seed: number;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/**
 * Asks ports that nobody uses, of hosts where so much opened that they may answer on any. Answers
 * how many of them were open, by address; hosts that are not suspected, or of which too few answered
 * at all, are not in it.
 */
export async function askDecoys(
  prober: Prober,
  { hosts, known, seed, timeoutMs, signal }: DecoyQuestion,
): Promise<{ openDecoys: Record<string, number>; probes: number }> {
  const decoys = hosts.flatMap((seen) =>
    listDecoys(known.get(seen.address), seen, seed).map((port) => ({
      address: seen.address,
      contact: `tcp/${port}` as const,
    })),
  );
  const answered: { readonly address: string; readonly open: boolean }[] = [];
  let silent = decoys;
  let probes = 0;
  for (let attempt = 1; attempt <= MOST_ATTEMPTS && silent.length > 0; attempt += 1) {
    await wait(gapBefore(attempt), undefined, { signal }).catch(() => undefined);
    const answers = await prober.ask(silent, { timeoutMs, signal });
    probes += silent.length;
    for (const [index, { address }] of silent.entries()) {
      const state = answers[index]?.state;
      if (state === 'open' || state === 'closed')
        answered.push({ address, open: state === 'open' });
    }
    silent = silent.filter((_, index) => answers[index]?.state === 'silent');
  }
  // A host that was known to answer on every port, and does not even there, has come to its senses.
  const quiet = silent.filter(({ address }) => known.get(address)?.answersEverything);
  answered.push(...quiet.map(({ address }) => ({ address, open: false })));
  return { openDecoys: countOpen(answered), probes };
}

function countOpen(
  answered: readonly { readonly address: string; readonly open: boolean }[],
): Record<string, number> {
  const hosts = [...Map.groupBy(answered, ({ address }) => address)];
  const counts = hosts.map(([address, all]) => {
    const open = all.filter((one) => one.open).length;
    return { address, open, refused: all.length - open };
  });
  return Object.fromEntries(
    counts
      .filter(({ open, refused }) => decideAnswersEverything(open) || refused >= ENOUGH_REFUSED)
      .map(({ address, open }) => [address, open]),
  );
}
