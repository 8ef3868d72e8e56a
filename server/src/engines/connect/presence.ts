import type { ScanOptions } from '@netdelta/core/profile/options.ts';
import { HOST_GOAL, planAttempts } from '@netdelta/core/sweep/attempts.ts';
import { buildPresenceArguments } from '../nmap/args.ts';
import { describeCallFailure } from '../nmap/ending.ts';
import type { NmapProgram } from '../nmap/program.ts';
import { type Sweep, shareLoss } from './sweep.ts';
import type { HostTally, Presence } from './tally.ts';

/** nmap as a companion of the sweep: what it was told to do is noted, and why it could not. */
export interface Companion {
  readonly program: NmapProgram;
  readonly options: ScanOptions;
  readonly privileged: boolean;
  /** Program and arguments of each different call, the addresses left out. */
  readonly commands: string[][];
  readonly problems: string[];
}

/** nmap repeats each of its questions at least once; a host may answer one of them alone. */
const ATTEMPTS_A_ROUND = 2;
const ROUND_MS = 120_000;

/**
 * Asks those that answered no connect by ICMP (and ARP, on the same link) through nmap: all in one
 * process, and those that stay silent again, as often as the loss of the path makes it necessary.
 * Where nmap fails, they were not asked in full: nothing can be concluded from their silence.
 */
export async function askPresence(
  sweep: Sweep,
  companion: Companion,
  onFound: (hosts: readonly HostTally[]) => void,
): Promise<void> {
  for (let round = 1; round <= countRounds(sweep); round += 1) {
    const silent = sweep.hosts.filter((host) => !host.up && !host.ended);
    if (silent.length === 0 || sweep.signal.aborted) return;
    const found = await askRound(sweep, companion, silent);
    if (sweep.signal.aborted) return;
    if (found === null) {
      for (const host of silent.filter(({ up }) => !up)) {
        host.ended ??= 'engine-error';
        host.problem ??= 'nmap failed';
      }
      return;
    }
    onFound(markPresent(silent, found));
  }
}

function countRounds(sweep: Sweep): number {
  const attempts = sweep.plan.attempts ?? planAttempts(shareLoss(sweep).high, HOST_GOAL);
  return Math.ceil(attempts / ATTEMPTS_A_ROUND);
}

async function askRound(
  sweep: Sweep,
  companion: Companion,
  hosts: readonly HostTally[],
): Promise<Map<string, Presence> | null> {
  const { program, options, privileged, commands, problems } = companion;
  const loss = shareLoss(sweep).mean;
  const addresses = hosts.map(({ address }) => address);
  const words = buildPresenceArguments({ options, privileged, addresses, loss });
  noteCommand(commands, words.args);
  const found = new Map<string, Presence>();
  const call = await program.run({
    args: words.withAddresses,
    timeoutMs: ROUND_MS,
    signal: sweep.signal,
    listener: {
      onHost: (outcome) => {
        if (outcome.kind === 'seen' && outcome.host.status === 'up')
          found.set(outcome.host.address, outcome.host);
      },
    },
  });
  const failure = describeCallFailure(call);
  if (failure === null || sweep.signal.aborted) return found;
  problems.push(`The addresses that answer no connect could not be asked by ICMP: ${failure}`);
  return null;
}

/** One call repeated is one command. */
export function noteCommand(commands: string[][], args: readonly string[]): void {
  const command = ['nmap', ...args];
  if (!commands.some((one) => one.join(' ') === command.join(' '))) commands.push(command);
}

function markPresent(
  silent: readonly HostTally[],
  found: ReadonlyMap<string, Presence>,
): HostTally[] {
  return silent.filter((host) => {
    const presence = found.get(host.address);
    if (!presence || host.up) return false;
    host.presence = presence;
    host.up = true;
    return true;
  });
}
