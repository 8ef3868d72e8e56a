import { readFile } from 'node:fs/promises';

const ARP_TABLE = '/proc/net/arp';
const COMPLETE = 0x2;

/** The MAC addresses, by IPv4 address, of those who answered this machine's ARP; empty where the system does not tell. */
export async function selectNeighbours(): Promise<Map<string, string>> {
  return parseArpTable(await readFile(ARP_TABLE, 'utf8').catch(() => ''));
}

/** Reads Linux's ARP table (proc(5)); MAC addresses as nmap writes them, in capitals. */
export function parseArpTable(text: string): Map<string, string> {
  const rows = text
    .split('\n')
    .slice(1)
    .map((line) => line.trim().split(/\s+/));
  return new Map(
    rows.flatMap(([address = '', _type, flags = '0', mac = '']) => {
      const complete =
        (Number(flags) & COMPLETE) !== 0 && /^([0-9a-f]{2}:){5}[0-9a-f]{2}$/i.test(mac);
      return complete ? [[address, mac.toUpperCase()] as const] : [];
    }),
  );
}
