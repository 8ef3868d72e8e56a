import { createServer, type Server, type Socket } from 'node:net';
import { endpointOf, type PlaygroundService } from './network.ts';
import { findProduct } from './products.ts';

/** Real TCP listeners, one a service. */
export interface Listeners {
  /** Rejects with Node's error when the address or port cannot be had. */
  readonly open: (service: PlaygroundService) => Promise<void>;
  /** The same port answers as another version from the next connection on. */
  readonly replace: (service: PlaygroundService) => void;
  /** Connections that are open end with it, as those of a stopped server do. */
  readonly close: (service: PlaygroundService) => Promise<void>;
  readonly closeAll: () => Promise<void>;
}

interface Listener {
  service: PlaygroundService;
  readonly server: Server;
  readonly sockets: Set<Socket>;
}

const IDLE_MS = 15_000;

/** Makes an empty set of listeners; what they say is their product's greeting, and nothing is obeyed. */
export function createListeners(): Listeners {
  const listeners = new Map<string, Listener>();
  const close = async (service: { address: string; port: number }) => {
    const listener = listeners.get(endpointOf(service));
    listeners.delete(endpointOf(service));
    if (listener) await stop(listener);
  };
  return {
    open: async (service) => {
      listeners.set(endpointOf(service), await listen(service));
    },
    replace: (service) => {
      const listener = listeners.get(endpointOf(service));
      if (listener) listener.service = service;
    },
    close,
    closeAll: async () => {
      const all = [...listeners.values()];
      listeners.clear();
      await Promise.all(all.map(stop));
    },
  };
}

async function listen(service: PlaygroundService): Promise<Listener> {
  const server = createServer();
  const listener: Listener = { service, server, sockets: new Set() };
  server.on('connection', (socket) => receive(socket, listener));
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host: service.address, port: service.port, exclusive: true }, resolve);
  });
  return listener;
}

function receive(socket: Socket, { service, sockets }: Listener): void {
  sockets.add(socket);
  socket.on('close', () => sockets.delete(socket));
  // Scanners reset connections in the middle of a sentence.
  socket.on('error', () => socket.destroy());
  socket.setTimeout(IDLE_MS, () => socket.destroy());
  talk(socket, service);
}

function talk(socket: Socket, { product, version }: PlaygroundService): void {
  const { greet, waits } = findProduct(product);
  if (waits) socket.once('data', () => socket.end(greet(version)));
  else socket.write(greet(version));
  socket.resume();
}

async function stop({ server, sockets }: Listener): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  for (const socket of sockets) socket.destroy();
  await closed;
}
