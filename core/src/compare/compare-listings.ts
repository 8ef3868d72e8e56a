import type { ScriptOutput } from '../snapshot/snapshot.ts';
import {
  byPort,
  byText,
  type HostListing,
  type ListedAddress,
  type ListedPort,
  type ListedService,
  UNLISTED,
  unlistedPort,
} from './listing.ts';
import { type Edit, matchLists } from './match-lists.ts';

/** A script whose output is another, or that only one of two files lists. */
export interface ScriptDifference {
  readonly before: ScriptOutput | null;
  readonly after: ScriptOutput | null;
}

/** A port in two files; `changes` is 0 where it is the same, and shown for completeness. */
export interface PortDifference {
  readonly before: ListedPort;
  readonly after: ListedPort;
  readonly scripts: readonly ScriptDifference[];
  readonly changes: number;
}

/** A host in two files, `UNLISTED` in one that does not list it. */
export interface HostDifference {
  readonly before: HostListing;
  readonly after: HostListing;
  readonly stateChanged: boolean;
  /** Its addresses or names are others; a host with another *first* one is another host. */
  readonly namesChanged: boolean;
  readonly restChanged: boolean;
  readonly ports: readonly PortDifference[];
  /** How the names of operating systems became others; empty where they are the same and not asked for. */
  readonly os: readonly Edit[];
  readonly scripts: readonly ScriptDifference[];
  /** How many changes there are in all; 0: none. */
  readonly changes: number;
}

/**
 * Compares what two files list of a host, word for word, as ndiff does. `complete`: what did not
 * change is in the difference as well. The model is that of ndiff 7.93: ports by number and protocol,
 * services by name, product, version and extra information, a state that both files leave unsaid
 * ("not shown") is none.
 */
export function compareListings(
  one: HostListing | null,
  other: HostListing | null,
  complete: boolean,
): HostDifference {
  const before = one ?? UNLISTED;
  const after = other ?? UNLISTED;
  const difference = {
    before,
    after,
    stateChanged: before.state !== after.state,
    namesChanged:
      !sameSet(before.addresses.map(spell), after.addresses.map(spell)) ||
      !sameSet(before.names, after.names),
    restChanged: !sameRest(before.rest, after.rest),
    ports: comparePorts(before, after, complete),
    os: complete || !sameList(before.os, after.os) ? matchLists(before.os, after.os) : [],
    scripts: compareScripts(before.scripts, after.scripts, complete),
  };
  return { ...difference, changes: countChanges(difference) };
}

/** How many changes a difference is made of. */
export function countChanges(difference: Omit<HostDifference, 'changes'>): number {
  const { stateChanged, namesChanged, restChanged, ports, os, scripts } = difference;
  return (
    Number(stateChanged) +
    Number(namesChanged) +
    Number(restChanged) +
    ports.reduce((sum, { changes }) => sum + changes, 0) +
    os.filter(({ kind }) => kind !== 'equal').length +
    scripts.filter(isChangedScript).length
  );
}

function comparePorts(
  before: HostListing,
  after: HostListing,
  complete: boolean,
): PortDifference[] {
  const differences: PortDifference[] = [];
  for (const [one, other] of pairPorts(before.ports, after.ports)) {
    const difference = comparePort(one, other, complete);
    const shown = isShown(one.state, before) || isShown(other.state, after);
    if (shown && (complete || difference.changes > 0)) differences.push(difference);
  }
  return differences;
}

/** Whether a file shows a port in this state, rather than counting it among the rest. */
export function isShown(state: string | null, { rest }: HostListing): boolean {
  return state !== null && !rest.has(state);
}

function* pairPorts(
  before: readonly ListedPort[],
  after: readonly ListedPort[],
): Generator<[ListedPort, ListedPort]> {
  let [a, b] = [0, 0];
  for (;;) {
    const [one, other] = [before[a], after[b]];
    if (!one && !other) return;
    const order = !one ? 1 : !other ? -1 : byPort(one, other);
    if (one && order <= 0) a += 1;
    if (other && order >= 0) b += 1;
    if (one && order < 0) yield [one, unlistedPort(one)];
    else if (other && order > 0) yield [unlistedPort(other), other];
    else if (one && other) yield [one, other];
  }
}

function comparePort(before: ListedPort, after: ListedPort, complete: boolean): PortDifference {
  const scripts = compareScripts(before.scripts, after.scripts, complete);
  const changes =
    Number(before.state !== after.state) +
    Number(!sameService(before.service, after.service)) +
    scripts.filter(isChangedScript).length;
  return { before, after, scripts, changes };
}

/** Compares lists of scripts in the order of their names; `complete`: the same ones as well. */
export function compareScripts(
  before: readonly ScriptOutput[],
  after: readonly ScriptOutput[],
  complete: boolean,
): ScriptDifference[] {
  const differences: ScriptDifference[] = [];
  let [a, b] = [0, 0];
  for (;;) {
    const [one, other] = [before[a], after[b]];
    if (!one && !other) return differences;
    const order = !one ? 1 : !other ? -1 : byText(one.id, other.id);
    if (order <= 0) a += 1;
    if (order >= 0) b += 1;
    const difference = {
      before: order <= 0 ? (one ?? null) : null,
      after: order >= 0 ? (other ?? null) : null,
    };
    if (complete || isChangedScript(difference)) differences.push(difference);
  }
}

/** Whether the output of a script is another, or listed once only. */
export function isChangedScript({ before, after }: ScriptDifference): boolean {
  return before?.output !== after?.output || !before || !after;
}

/** The tunnel does not count: nmap tells it with the name. */
export function sameService(one: ListedService, other: ListedService): boolean {
  return (
    one.name === other.name &&
    one.product === other.product &&
    one.version === other.version &&
    one.extraInfo === other.extraInfo
  );
}

const spell = ({ type, address }: ListedAddress) => `${type} ${address}`;

function sameList(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((text, place) => text === other[place]);
}

function sameSet(one: readonly string[], other: readonly string[]): boolean {
  if (sameList(one, other)) return true;
  const [all, others] = [new Set(one), new Set(other)];
  return all.size === others.size && [...all].every((text) => others.has(text));
}

function sameRest(one: HostListing['rest'], other: HostListing['rest']): boolean {
  return one.size === other.size && [...one].every(([state, count]) => other.get(state) === count);
}
