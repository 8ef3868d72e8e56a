// The services of one namespace: started in it by `listeners.ts`, and ended with it.
import { createServer, type Socket } from 'node:net';
import { findProduct } from '../../server/src/playground/products.ts';
import type { Speech } from '../truth/truth.ts';

/** What is to be so from now on: the ports that listen, and what is said at which `address:port`. */
export interface ListenOrder {
  readonly id: number;
  readonly ports: readonly number[];
  readonly speeches: readonly (readonly [endpoint: string, speech: Speech])[];
}

export interface ListenAnswer {
  readonly id: number;
  readonly problem?: string;
}

const IDLE_MS = 20_000;
const BACKLOG = 1024;

const listening = new Set<number>();
let speeches: ReadonlyMap<string, Speech> = new Map();

process.on('message', (order: ListenOrder) => void obey(order));
process.on('disconnect', () => process.exit());

async function obey({ id, ports, speeches: now }: ListenOrder): Promise<void> {
  speeches = new Map(now);
  const missing = ports.filter((port) => !listening.has(port));
  const answer = await Promise.all(missing.map(listen)).then(
    (): ListenAnswer => ({ id }),
    (error: Error): ListenAnswer => ({ id, problem: error.message }),
  );
  process.send?.(answer);
}

/** For all addresses of the namespace; which of them are open there is decided by its rules. */
async function listen(port: number): Promise<void> {
  const server = createServer({ pauseOnConnect: false }, receive);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port, host: '0.0.0.0', backlog: BACKLOG }, resolve);
  });
  listening.add(port);
}

function receive(socket: Socket): void {
  // Scanners reset connections in the middle of a sentence.
  socket.on('error', () => socket.destroy());
  socket.setTimeout(IDLE_MS, () => socket.destroy());
  const speech = speeches.get(`${socket.localAddress}:${socket.localPort}`);
  socket.resume();
  if (!speech) return;
  const { greet, waits } = findProduct(speech.product);
  if (waits) socket.once('data', () => socket.end(greet(speech.version)));
  else socket.write(greet(speech.version));
}
