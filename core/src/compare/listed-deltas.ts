import type { ScriptOutput } from '../snapshot/snapshot.ts';
import {
  type HostDifference,
  isChangedScript,
  type PortDifference,
  type ScriptDifference,
} from './compare-listings.ts';
import { hostKindOf, isWanted, type ListedKind, portKindsOf, type Wanted } from './listed-kinds.ts';
import {
  byAddress,
  byText,
  firstOf,
  type HostListing,
  type ListedPort,
  type ListedService,
} from './listing.ts';

/** A host, as one side of a difference shows it. */
export interface ListedHostSide {
  readonly state: string;
  readonly addresses: readonly string[];
  readonly names: readonly string[];
  readonly rest: Readonly<Record<string, number>>;
  readonly os: readonly string[];
  readonly services: readonly (ListedPortSide & { protocol: string; port: number })[];
}

/** A port, as one side of a difference shows it. */
export interface ListedPortSide {
  readonly state: string;
  readonly service?: ListedService;
  readonly scripts?: readonly ScriptOutput[];
}

/** One change between two files: before and after have the shape that their kind asks for. */
export interface ListedDelta {
  readonly kind: ListedKind;
  readonly subject: {
    /** The first address; the first name of a host without one. */
    readonly address: string;
    readonly protocol?: string;
    readonly port?: number;
    readonly script?: string;
  };
  readonly before: ListedSide | null;
  readonly after: ListedSide | null;
}

export type ListedSide =
  | ListedHostSide
  | ListedPortSide
  | ScriptOutput
  | { readonly addresses: readonly string[]; readonly names: readonly string[] }
  | { readonly rest: Readonly<Record<string, number>> }
  | { readonly os: readonly string[] };

/**
 * The changes of a host, one a fact. A host that came or went is one change, told with its ports.
 * `renamed`: the other file lists the same address by another name, so that nothing came or went.
 */
export function listDeltas(
  difference: HostDifference,
  wanted: Wanted,
  renamed: boolean,
): ListedDelta[] {
  const { before, after } = difference;
  const kind = hostKindOf(difference, renamed);
  const subject = { address: addressOf(before.state === null ? after : before) };
  const deltas = kind
    ? [{ kind, subject, ...bySide(difference, hostSide) }]
    : listParts(difference, subject);
  return deltas.filter((delta) => isWanted(delta.kind, wanted));
}

function listParts(difference: HostDifference, subject: { address: string }): ListedDelta[] {
  const { namesChanged, restChanged, os, ports, scripts } = difference;
  const part = (kind: ListedKind, side: (host: HostListing) => ListedSide): ListedDelta => ({
    kind,
    subject,
    ...bySide(difference, side),
  });
  return [
    ...(namesChanged ? [part('name.changed', namesSide)] : []),
    ...ports.flatMap((port) => listPort(port, difference, subject)),
    ...(restChanged ? [part('rest.changed', restSide)] : []),
    ...(os.some(({ kind }) => kind !== 'equal') ? [part('os.changed', osSide)] : []),
    ...listScripts(scripts, subject),
  ];
}

function listPort(
  difference: PortDifference,
  host: HostDifference,
  { address }: { address: string },
): ListedDelta[] {
  const { before, after, scripts } = difference;
  const subject = { address, protocol: before.protocol, port: before.port };
  return portKindsOf(difference, host).flatMap((kind): ListedDelta[] =>
    kind === 'script.changed'
      ? listScripts(scripts, subject)
      : [{ kind, subject, before: portSide(before), after: portSide(after) }],
  );
}

function listScripts(
  scripts: readonly ScriptDifference[],
  subject: ListedDelta['subject'],
): ListedDelta[] {
  return scripts.filter(isChangedScript).map(({ before, after }) => ({
    kind: 'script.changed',
    subject: { ...subject, script: (before ?? after)?.id ?? '' },
    before,
    after,
  }));
}

/** The address by which a host is told; its name where it has none. */
export function addressOf({ addresses, names }: HostListing): string {
  return firstOf(addresses, byAddress)?.address ?? firstOf(names, byText) ?? '';
}

function bySide({ before, after }: HostDifference, side: (host: HostListing) => ListedSide) {
  return {
    before: before.state === null ? null : side(before),
    after: after.state === null ? null : side(after),
  };
}

function hostSide(host: HostListing): ListedHostSide {
  const services = host.ports.flatMap((port) => {
    const side = portSide(port);
    return side ? [{ protocol: port.protocol, port: port.port, ...side }] : [];
  });
  const state = host.state ?? 'unknown';
  return { state, ...namesSide(host), ...restSide(host), ...osSide(host), services };
}

function namesSide({ addresses, names }: HostListing) {
  return { addresses: [...addresses].sort(byAddress).map(({ address }) => address), names };
}

const restSide = ({ rest }: HostListing) => ({ rest: Object.fromEntries(rest) });
const osSide = ({ os }: HostListing) => ({ os });

function portSide({ state, service, scripts }: ListedPort): ListedPortSide | null {
  if (state === null) return null;
  return {
    state,
    ...(Object.values(service).some(Boolean) && { service }),
    ...(scripts.length > 0 && { scripts }),
  };
}
