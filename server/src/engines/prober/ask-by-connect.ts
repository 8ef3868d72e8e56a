import type { Socket } from 'node:net';
import { endpointOf } from '@netdelta/core/evidence/contact.ts';
import { type Answer, askPort } from '../connect/ask.ts';
import type { ProbeAnswer, ProbeConditions, ProbeRequest } from './prober.ts';

/** So many at a time: all that this machine is asked for besides its sweeps. */
const AT_ONCE = 256;

type Seen = Extract<Answer, { kind: 'seen' }>;

/** Asks each endpoint by one TCP connect; null: this machine could not ask. */
export async function askByConnect(
  requests: readonly ProbeRequest[],
  conditions: ProbeConditions,
): Promise<(ProbeAnswer | null)[]> {
  const answers: (ProbeAnswer | null)[] = [];
  for (let start = 0; start < requests.length; start += AT_ONCE)
    answers.push(
      ...(await Promise.all(
        requests.slice(start, start + AT_ONCE).map((request) => askOne(request, conditions)),
      )),
    );
  return answers;
}

async function askOne(
  request: ProbeRequest,
  conditions: ProbeConditions,
): Promise<ProbeAnswer | null> {
  const answer = await connectTo(request, conditions);
  if (!answer) return null;
  answer.socket?.resetAndDestroy();
  return readOwnWord(answer);
}

/**
 * Unreachable may be this machine's own word, not the network's: without a route nothing was asked,
 * and a neighbour that does not answer ARP is silent.
 */
function readOwnWord({ state, reason }: Seen): ProbeAnswer | null {
  if (reason === 'net-unreach') return null;
  if (reason === 'host-unreach') return { state: 'silent', reason };
  return { state, reason };
}

/** Connects to an endpoint; the socket of an open one is the caller's to end. Null: not asked. */
export async function connectTo(
  { address, contact }: ProbeRequest,
  { timeoutMs, signal }: ProbeConditions,
): Promise<Seen | null> {
  const endpoint = endpointOf(contact);
  if (!endpoint || signal.aborted) return null;
  const sockets = new Set<Socket>();
  const end = () => {
    for (const socket of sockets) socket.destroy();
  };
  signal.addEventListener('abort', end, { once: true });
  const { port } = endpoint;
  const answer = await askPort({ address, port, timeoutMs: () => timeoutMs, sockets });
  signal.removeEventListener('abort', end);
  return answer.kind === 'seen' && !signal.aborted ? answer : null;
}
