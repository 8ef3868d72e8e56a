import { IDENTITIES, type Identity } from '@netdelta/core/host/identity.ts';

const NAMES: Readonly<Record<Identity, string>> = {
  address: 'by address',
  mac: 'by MAC address',
  name: 'by DNS name',
};

/** All identities, the usual one first, as a select lists them. */
export const IDENTITY_CHOICES = IDENTITIES.map((value) => ({ value, label: NAMES[value] }));

/** Names an identity: `by MAC address`. */
export function describeIdentity(identity: Identity): string {
  return NAMES[identity];
}

const MEANINGS: Readonly<Record<Identity, string>> = {
  address: 'A host is its address: at another address it is another host.',
  mac: 'A host that gets another address has moved. The scanner sees MAC addresses only in its own network segment; where it sees none, or the same one at several addresses, a host is its address.',
  name: 'A host whose name leads to another address has moved. Without a name, or with one that several hosts have, it is its address.',
};

/** Says what an identity means for hosts that get another address. */
export function explainIdentity(identity: Identity): string {
  return MEANINGS[identity];
}
