import type { LabChange } from '../truth/change.ts';
import { listOpen, type Truth } from '../truth/truth.ts';
import type { Reported } from './reported.ts';

/** What a scanner should tell; what is optional is neither right nor wrong, told or not. */
export interface Expected extends Reported {
  readonly optional?: true;
}

/** What should be told of a true change of the network that this is. */
export function expectOf(truth: Truth, change: LabChange): Expected[] {
  switch (change.kind) {
    case 'opened':
      return [{ kind: 'appeared', address: change.address, protocol: 'tcp', port: change.port }];
    case 'closed':
      return [{ kind: 'gone', address: change.address, protocol: 'tcp', port: change.port }];
    case 'version':
      return [{ kind: 'changed', address: change.address, protocol: 'tcp', port: change.port }];
    case 'gone':
      return [{ kind: 'gone', address: change.address }];
    case 'back':
      return [{ kind: 'appeared', address: change.address }];
    case 'new':
      return [{ kind: 'appeared', address: change.host.address }];
    case 'moved':
      return [{ kind: 'moved', address: change.to }];
    case 'turned':
      return [
        ...(change.into === 'tarpit'
          ? [{ kind: 'answersEverything', address: change.address } as const]
          : []),
        ...listServices(truth, change.address),
      ];
  }
}

/** The services of a host that turns are hidden by what it becomes: telling of them is no mistake. */
function listServices(truth: Truth, address: string): Expected[] {
  const host = truth.get(address);
  return (host ? listOpen(host) : []).map((port) => ({
    kind: 'gone',
    address,
    protocol: 'tcp',
    port,
    optional: true,
  }));
}
