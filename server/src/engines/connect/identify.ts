import { isGuess, isSameService } from '@netdelta/core/compare/service-facts.ts';
import type { HostBelief } from '@netdelta/core/host/belief.ts';
import { portSetOf } from '@netdelta/core/snapshot/port-set.ts';
import type { HostObservation, ServiceFacts } from '@netdelta/core/snapshot/snapshot.ts';
import { buildIdentifyArguments } from '../nmap/args.ts';
import { describeCallFailure } from '../nmap/ending.ts';
import { type Companion, noteCommand } from './presence.ts';
import { type Sweep, shareLoss } from './sweep.ts';
import { type HostTally, listOpen } from './tally.ts';

interface Endpoint {
  readonly host: HostTally;
  readonly port: number;
}

const MINUTE_MS = 60_000;

/**
 * Lets nmap identify what listens on endpoints that are new, were never identified, or whose
 * greeting does not confirm what is known of them; the others keep what is known. An endpoint that
 * nmap does not identify is left without facts, which is never a change.
 */
export async function identifyServices(sweep: Sweep, companion: Companion): Promise<void> {
  const unsure: Endpoint[] = [];
  for (const host of sweep.hosts.filter(({ finished, open }) => finished && open > 0)) {
    const believed = sweep.known.get(host.address);
    for (const port of listOpen(host, sweep.plan.ports)) {
      const confirmed = confirmService(findService(believed, port), host.services.get(port));
      host.services.delete(port);
      if (confirmed) host.services.set(port, confirmed);
      else unsure.push({ host, port });
    }
  }
  if (unsure.length > 0 && !sweep.signal.aborted) await askNmap(sweep, companion, unsure);
}

function findService(belief: HostBelief | undefined, port: number): ServiceFacts | undefined {
  return belief?.services.find((one) => one.protocol === 'tcp' && one.port === port)?.service;
}

/**
 * What is known of a service, where its greeting says the same: it has to name the product, and a
 * version where one is known. Undefined where the greeting confirms nothing.
 */
export function confirmService(
  known: ServiceFacts | undefined,
  heard: ServiceFacts | undefined,
): ServiceFacts | undefined {
  if (!known?.product || isGuess(known) || !heard?.product) return undefined;
  if (known.version && !heard.version) return undefined;
  return isSameService(known, heard) ? known : undefined;
}

async function askNmap(
  sweep: Sweep,
  { program, options, privileged, commands, problems }: Companion,
  unsure: readonly Endpoint[],
): Promise<void> {
  const hosts = new Map(unsure.map(({ host }) => [host.address, host]));
  const question = {
    options,
    privileged,
    addresses: [...hosts.keys()],
    loss: shareLoss(sweep).mean,
  };
  const words = buildIdentifyArguments(question, portSetOf(unsure.map(({ port }) => port)));
  noteCommand(commands, words.args);
  const wanted = new Set(unsure.map(({ host, port }) => `${host.address} ${port}`));
  const call = await program.run({
    args: words.withAddresses,
    timeoutMs: options.shardTimeoutMinutes * MINUTE_MS,
    signal: sweep.signal,
    listener: {
      onHost: (outcome) => {
        const host = hosts.get(outcome.host.address);
        if (outcome.kind === 'seen' && host) noteFacts(host, outcome.host, wanted);
      },
    },
  });
  const failure = describeCallFailure(call);
  if (failure !== null && !sweep.signal.aborted)
    problems.push(`Services could not all be identified: ${failure}`);
}

function noteFacts(host: HostTally, seen: HostObservation, wanted: ReadonlySet<string>): void {
  if (seen.mac && !host.presence?.mac)
    host.presence = { reason: seen.reason, ...host.presence, mac: seen.mac };
  for (const { port, state, service } of seen.endpoints)
    if (state === 'open' && service && wanted.has(`${host.address} ${port}`))
      host.services.set(port, service);
}
