import { HOST_GOAL, planAttempts } from '@netdelta/core/sweep/attempts.ts';
import type { Task } from './asker.ts';
import { listKnownPorts, type Sweep, shareLoss } from './sweep.ts';
import { type HostTally, isSilent } from './tally.ts';

/** A host that is known is asked by no more than so many of its own ports, besides the usual ones. */
const MOST_KNOWN = 8;
/** A whole address is missed more dearly than a port: it is asked at least so often, spread over a second or two. */
const LEAST_PASSES = 3;

/**
 * Asks once by which of these hosts are up: the ports by which they answered before, and the usual
 * ones. Open and closed are answers both.
 */
export async function askWhoIsUp(sweep: Sweep, hosts: readonly HostTally[]): Promise<HostTally[]> {
  const silent = hosts.filter((host) => !host.up && !host.ended);
  await sweep.asker.askAll(listContacts(sweep, silent));
  return silent.filter((host) => host.up);
}

/** Asks the silent ones again, as often as the loss of the path makes it necessary. */
export async function askSilentAgain(
  sweep: Sweep,
  onFound: (hosts: readonly HostTally[]) => void,
): Promise<void> {
  for (let pass = 2; pass <= countPasses(sweep) && !sweep.signal.aborted; pass += 1)
    onFound(await askWhoIsUp(sweep, sweep.hosts));
}

function countPasses(sweep: Sweep): number {
  return (
    sweep.plan.attempts ?? Math.max(LEAST_PASSES, planAttempts(shareLoss(sweep).high, HOST_GOAL))
  );
}

function* listContacts(sweep: Sweep, hosts: readonly HostTally[]): Generator<Task> {
  const lists = hosts.map((host) => ({ host, ports: listPortsOf(sweep, host) }));
  const longest = Math.max(0, ...lists.map(({ ports }) => ports.length));
  for (let index = 0; index < longest; index += 1)
    for (const { host, ports } of lists) {
      const port = ports[index];
      // Whoever has answered meanwhile need not be asked more.
      if (port !== undefined && !host.up && isSilent(host, port)) yield { host, port };
    }
}

function listPortsOf({ known, plan }: Sweep, { address }: HostTally): number[] {
  const own = listKnownPorts(known.get(address)).slice(0, MOST_KNOWN);
  return [...new Set([...own, ...plan.discovery])];
}
