import type { HostKind, Speech, TrueHost, Truth } from './truth.ts';

/** One true change of the network, between two scans. */
export type LabChange =
  | {
      readonly kind: 'opened';
      readonly address: string;
      readonly port: number;
      readonly speech: Speech;
    }
  | {
      readonly kind: 'closed';
      readonly address: string;
      readonly port: number;
      /** How the port answers from now on: by RST, or not at all. */
      readonly into: 'refusal' | 'silence';
    }
  | {
      readonly kind: 'version';
      readonly address: string;
      readonly port: number;
      readonly speech: Speech;
    }
  | { readonly kind: 'gone' | 'back'; readonly address: string }
  | { readonly kind: 'new'; readonly host: TrueHost }
  | { readonly kind: 'moved'; readonly address: string; readonly to: string }
  /** It treats what is asked otherwise: becomes a tarpit, or stops being one. */
  | { readonly kind: 'turned'; readonly address: string; readonly into: HostKind };

/** A change that cannot happen in this network, and why. */
export class ImpossibleChange extends Error {
  readonly code = 'lab_impossible_change';
  readonly retryable = false;
}

/** The network after a change. Throws ImpossibleChange when it would change nothing, or cannot be. */
export function applyChange(truth: Truth, change: LabChange): Truth {
  const after = new Map(truth);
  if (change.kind === 'new') {
    refuseIf(truth.has(change.host.address), change, 'the address is taken');
    return after.set(change.host.address, change.host);
  }
  const host = truth.get(change.address);
  if (!host) throw new ImpossibleChange(`${describeChange(change)}: nobody has that address`);
  if (change.kind !== 'moved') return after.set(host.address, alter(host, change));
  refuseIf(truth.has(change.to), change, 'the new address is taken');
  after.delete(host.address);
  return after.set(change.to, { ...host, address: change.to });
}

type OwnChange = Exclude<LabChange, { kind: 'new' | 'moved' }>;

function alter(host: TrueHost, change: OwnChange): TrueHost {
  switch (change.kind) {
    case 'opened':
      refuseIf(host.services.has(change.port), change, 'it is open');
      return open(host, change.port, change.speech);
    case 'closed':
      refuseIf(!host.services.has(change.port), change, 'it is not open');
      return close(host, change.port, change.into === 'silence');
    case 'version':
      refuseIf(!host.services.has(change.port), change, 'it is not open');
      return open(host, change.port, change.speech);
    case 'gone':
      refuseIf(!host.up, change, 'it is not up');
      return { ...host, up: false };
    case 'back':
      refuseIf(host.up, change, 'it is up');
      return { ...host, up: true };
    case 'turned':
      refuseIf(host.kind === change.into, change, 'it is one');
      return { ...host, kind: change.into };
  }
}

function open(host: TrueHost, port: number, speech: Speech): TrueHost {
  const silent = new Set([...host.silent].filter((other) => other !== port));
  return { ...host, silent, services: new Map(host.services).set(port, speech) };
}

function close(host: TrueHost, port: number, silently: boolean): TrueHost {
  const services = new Map(host.services);
  services.delete(port);
  return { ...host, services, silent: silently ? new Set([...host.silent, port]) : host.silent };
}

function refuseIf(wrong: boolean, change: LabChange, why: string): void {
  if (wrong) throw new ImpossibleChange(`${describeChange(change)}: ${why}`);
}

/** Says a change in a few words. */
export function describeChange(change: LabChange): string {
  switch (change.kind) {
    case 'opened':
      return `${change.address} tcp/${change.port} opened`;
    case 'closed':
      return `${change.address} tcp/${change.port} closed into ${change.into}`;
    case 'version':
      return `${change.address} tcp/${change.port} speaks otherwise`;
    case 'gone':
    case 'back':
      return `${change.address} ${change.kind}`;
    case 'new':
      return `${change.host.address} new`;
    case 'moved':
      return `${change.address} moved to ${change.to}`;
    case 'turned':
      return `${change.address} turned ${change.into}`;
  }
}
