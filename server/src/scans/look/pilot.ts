import { NO_PROBES, type ProbeCount } from '@netdelta/core/evidence/loss.ts';
import type { Snapshot } from '@netdelta/core/snapshot/snapshot.ts';
import type { Prober } from '../../engines/prober/prober.ts';

/** Endpoints asked to find out how much their path loses. */
const MOST_ASKED = 64;
const OF_ONE_HOST = 4;

/**
 * Asks endpoints that the sweep has just seen open, once each: what stays unanswered was lost on
 * the way. For engines that do not tell how many of their probes were lost.
 */
export async function countPilot(
  prober: Prober,
  { snapshot, timeoutMs, signal }: { snapshot: Snapshot; timeoutMs: number; signal: AbortSignal },
): Promise<ProbeCount> {
  const requests = snapshot.hosts
    .flatMap(({ address, endpoints }) =>
      endpoints
        .filter(({ protocol, state }) => protocol === 'tcp' && state === 'open')
        .slice(0, OF_ONE_HOST)
        .map(({ port }) => ({ address, contact: `tcp/${port}` as const })),
    )
    .slice(0, MOST_ASKED);
  if (requests.length === 0) return NO_PROBES;
  const answers = await prober.ask(requests, { timeoutMs, signal });
  const told = answers.filter((answer) => answer !== null);
  const unanswered = told.filter(({ state }) => state === 'silent').length;
  return { answered: told.length - unanswered, unanswered };
}
