import { DELTA_KIND_NAMES, type DeltaKind } from '../delta/kinds.ts';
import {
  countChanges,
  type HostDifference,
  type PortDifference,
  sameService,
} from './compare-listings.ts';

/** The kinds of change that only files tell, beside the kinds of delta. */
const LISTED_ONLY_KINDS = [
  'target.listed',
  'name.changed',
  'os.changed',
  'script.changed',
  'port.changed',
  'rest.changed',
] as const;

export type ListedOnlyKind = (typeof LISTED_ONLY_KINDS)[number];

/** What a difference between two listings can be called. */
export type ListedKind =
  | Extract<
      DeltaKind,
      | 'host.new'
      | 'host.down'
      | 'service.opened'
      | 'service.closed'
      | 'service.filtered'
      | 'service.changed'
    >
  | ListedOnlyKind;

/** Every kind that can be asked for: those of the other way of comparing as well. */
export const ALL_KIND_NAMES: readonly string[] = [...DELTA_KIND_NAMES, ...LISTED_ONLY_KINDS];

/** What of a difference a person wants to be told. */
export interface Wanted {
  /** Null: every kind. */
  readonly only: ReadonlySet<string> | null;
  /** Closed, filtered, silent and not listed are the same: not open. */
  readonly ignoreSilent: boolean;
}

/**
 * What happened to a host as a whole; null where it is as before. `renamed`: the other file lists
 * the same address by another name, so that nothing came or went.
 */
export function hostKindOf(
  { before, after, stateChanged }: HostDifference,
  renamed: boolean,
): ListedKind | null {
  if (!stateChanged) return null;
  if (renamed && (before.state === null || after.state === null)) return 'name.changed';
  if (after.state === 'up') return 'host.new';
  return before.state === 'up' ? 'host.down' : 'target.listed';
}

/** What happened to a port: a service and what its scripts said can change together. */
export function portKindsOf(port: PortDifference, host: HostDifference): ListedKind[] {
  if (port.changes === 0) return [];
  const [was, is] = [port.before.state === 'open', port.after.state === 'open'];
  if (!was && !is) return ['port.changed'];
  if (!was) return ['service.opened'];
  if (!is) return [isRefused(port, host) ? 'service.closed' : 'service.filtered'];
  const replaced = !sameService(port.before.service, port.after.service);
  const scripts = port.changes > Number(replaced);
  return [...(replaced ? (['service.changed'] as const) : []), ...(scripts ? SCRIPT : [])];
}

const SCRIPT = ['script.changed'] as const;

/** A port that is not listed any more is among the rest: refused when all of that is. */
function isRefused({ after: port }: PortDifference, { after: { rest } }: HostDifference): boolean {
  if (port.state !== null) return port.state === 'closed';
  return [...rest.keys()].every((state) => state === 'closed');
}

/** What is left of a difference when only some of it is wanted. */
export function narrowDifference(
  difference: HostDifference,
  wanted: Wanted,
  renamed: boolean,
): HostDifference {
  if (!wanted.only && !wanted.ignoreSilent) return difference;
  const tells = (kind: ListedKind) => isWanted(kind, wanted);
  const hostKind = hostKindOf(difference, renamed);
  const whole = hostKind !== null && tells(hostKind);
  const keepPort = (port: PortDifference) => {
    const kinds = portKindsOf(port, difference);
    return kinds.length === 0 || whole || kinds.some(tells);
  };
  const gone = hostKind !== null && !whole;
  const left = {
    ...difference,
    stateChanged: difference.stateChanged && whole,
    namesChanged: difference.namesChanged && (whole || (!gone && tells('name.changed'))),
    restChanged: difference.restChanged && (whole || (!gone && tells('rest.changed'))),
    ports: gone ? [] : difference.ports.filter(keepPort),
    os: whole || (!gone && tells('os.changed')) ? difference.os : [],
    scripts: whole || (!gone && tells('script.changed')) ? difference.scripts : [],
  };
  return { ...left, changes: countChanges(left) };
}

const SILENT_KINDS: ReadonlySet<string> = new Set([
  'target.listed',
  'port.changed',
  'rest.changed',
]);

/** Whether changes of a kind are wanted. */
export function isWanted(kind: string, { only, ignoreSilent }: Wanted): boolean {
  if (ignoreSilent && SILENT_KINDS.has(kind)) return false;
  return only === null || only.has(kind);
}
