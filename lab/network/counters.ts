import { runCommand } from './run-command.ts';

/** Packets (IP and ARP) that the scanner sent, and that reached it after all loss. */
export interface Counters {
  readonly sent: number;
  readonly received: number;
}

/** Reads the counters of the path in this namespace, and sets them to 0 when `reset`. */
export async function readPathCounters(namespace: string, reset: boolean): Promise<Counters> {
  const verb = reset ? 'reset' : 'list';
  const words = ['nft', '-j', verb, 'counters', 'table', 'netdev', 'path'];
  return parseCounters(await runCommand(['ip', 'netns', 'exec', namespace, ...words]));
}

/** Reads `nft -j list counters` (libnftables-json(5)). */
export function parseCounters(json: string): Counters {
  const { nftables } = JSON.parse(json) as {
    nftables: { counter?: { name: string; packets: number } }[];
  };
  const packets = (name: string) =>
    nftables.find(({ counter }) => counter?.name === name)?.counter?.packets ?? 0;
  return { sent: packets('sent'), received: packets('received') };
}
