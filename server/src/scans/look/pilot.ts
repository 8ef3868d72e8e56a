import { addCounts, NO_PROBES, type ProbeCount } from '@netdelta/core/evidence/loss.ts';
import type { HostObservation } from '@netdelta/core/snapshot/snapshot.ts';
import type { Prober } from '../../engines/prober/prober.ts';

/** Hosts asked to find out how much their path loses, besides those in doubt. */
const MOST_HOSTS = 32;
const OF_ONE_HOST = 4;

export interface PilotQuestion {
  readonly hosts: readonly HostObservation[];
  /** Addresses of which something is in doubt: how well they themselves can be heard matters most. */
  readonly doubted: ReadonlySet<string>;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/**
 * Asks endpoints that the sweep has just seen open, once each: what stays unanswered was lost on
 * the way, or came too late for this prober. By address; for engines that do not tell how many of
 * their probes were lost.
 */
export async function countPilot(
  prober: Prober,
  { hosts, doubted, timeoutMs, signal }: PilotQuestion,
): Promise<ReadonlyMap<string, ProbeCount>> {
  const others = hosts.filter(({ address }) => !doubted.has(address)).slice(0, MOST_HOSTS);
  const asked = hosts.filter(({ address }) => doubted.has(address));
  const requests = [...asked, ...others].flatMap(({ address, endpoints }) =>
    endpoints
      .filter(({ protocol, state }) => protocol === 'tcp' && state === 'open')
      .slice(0, OF_ONE_HOST)
      .map(({ port }) => ({ address, contact: `tcp/${port}` as const })),
  );
  const counts = new Map<string, ProbeCount>();
  if (requests.length === 0) return counts;
  const answers = await prober.ask(requests, { timeoutMs, signal });
  for (const [index, { address }] of requests.entries()) {
    const answer = answers[index];
    if (!answer) continue;
    const one = answer.state === 'silent' ? UNANSWERED : ANSWERED;
    counts.set(address, addCounts(counts.get(address) ?? NO_PROBES, one));
  }
  return counts;
}

const ANSWERED: ProbeCount = { answered: 1, unanswered: 0 };
const UNANSWERED: ProbeCount = { answered: 0, unanswered: 1 };
