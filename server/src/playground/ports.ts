import { createServer } from 'node:net';
import { SLOT_NAMES, SLOTS, type SlotName, type SlotPorts } from './network.ts';

/**
 * Chooses a port for each slot: the well-known one where this process may have it on `address`,
 * else the other. Whether the other is free shows when it is opened.
 */
export async function choosePorts(address: string): Promise<SlotPorts> {
  const chosen = await Promise.all(
    SLOT_NAMES.map(async (slot) => [slot, await choosePort(address, slot)] as const),
  );
  return Object.fromEntries(chosen) as Record<SlotName, number>;
}

async function choosePort(address: string, slot: SlotName): Promise<number> {
  const [preferred, fallback] = SLOTS[slot].ports;
  if (preferred === fallback) return preferred;
  return (await canListen(address, preferred)) ? preferred : fallback;
}

async function canListen(address: string, port: number): Promise<boolean> {
  const server = createServer();
  return new Promise((resolve) => {
    server.once('error', () => resolve(false));
    server.listen({ host: address, port, exclusive: true }, () =>
      server.close(() => resolve(true)),
    );
  });
}
