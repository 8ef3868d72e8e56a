import { networkInterfaces } from 'node:os';

/** Tells the addresses of this machine itself: they answer whatever happens to the network. */
export function createOwnAddressTest(): (address: string) => boolean {
  const own = new Set(
    Object.values(networkInterfaces()).flatMap((all = []) => all.map(({ address }) => address)),
  );
  return (address) => own.has(address) || address.startsWith('127.') || address === '::1';
}
