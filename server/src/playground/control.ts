import { type AddressInfo, connect, createServer } from 'node:net';
import { text } from 'node:stream/consumers';

/** A door on 127.0.0.1: who knocks gets the outcome of one order, as one line. */
export interface Control {
  readonly port: number;
  readonly close: () => Promise<void>;
}

/** Opens the door; `order` is run once a connection. */
export async function openControl(order: () => Promise<string>): Promise<Control> {
  const server = createServer(async (socket) => {
    socket.on('error', () => socket.destroy());
    const outcome = await order().catch((error: Error) => `nothing changed: ${error.message}`);
    socket.end(`${outcome}\n`);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return { port, close: () => new Promise((resolve) => server.close(() => resolve())) };
}

/** Knocks, and resolves with the line that comes back. Rejects when nobody is there. */
export async function orderChange(port: number): Promise<string> {
  const line = (await text(connect({ host: '127.0.0.1', port, timeout: 5_000 }))).trim();
  if (!line) throw new Error('the playground closed the connection without an answer');
  return line;
}
