import {
  compareScripts,
  type HostDifference,
  isShown,
  type PortDifference,
  type ScriptDifference,
  sameService,
} from '@netdelta/core/compare/compare-listings.ts';
import {
  byAddress,
  byText,
  type HostListing,
  type ListedAddress,
  type ListedPort,
  type ListedService,
  type ScanHeading,
} from '@netdelta/core/compare/listing.ts';
import type { ScriptOutput } from '@netdelta/core/snapshot/snapshot.ts';
import { formatTime } from './describe-scans.ts';
import { element } from './xml-element.ts';

type Headings = readonly [before: ScanHeading, after: ScanHeading];

/** The beginning of a document after ndiff.dtd (nmap, version 1), up to the first host. */
export function openXml(headings: Headings, complete: boolean): string[] {
  const [before, after] = headings;
  // The DTD has no place for a scan that is the same in both.
  const runs = sameRun(before, after)
    ? []
    : [element('a', {}, [runElement(before)]), element('b', {}, [runElement(after)])];
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<nmapdiff version="1">',
    '<scandiff>',
    ...runs,
    ...runScripts('prescript', [before.before, after.before], complete),
  ];
}

/** The end of a document, after the last host. */
export function closeXml([before, after]: Headings, complete: boolean): string[] {
  return [
    ...runScripts('postscript', [before.after, after.after], complete),
    '</scandiff>',
    '</nmapdiff>',
  ];
}

function sameRun(one: ScanHeading, other: ScanHeading): boolean {
  return (['scanner', 'version', 'args', 'start', 'end'] as const).every(
    (key) => one[key] === other[key],
  );
}

function runElement({ scanner, args, start, version }: ScanHeading): string {
  return element('nmaprun', {
    scanner: scanner ?? '',
    args,
    start: start === null ? null : String(start),
    startstr: start === null ? null : formatTime(start),
    version: version ?? '',
  });
}

/** Scripts of a whole scan. Within one element the DTD allows one difference: each gets its own. */
function runScripts(
  name: 'prescript' | 'postscript',
  [before, after]: readonly [readonly ScriptOutput[], readonly ScriptOutput[]],
  complete: boolean,
): string[] {
  const differences = compareScripts(before, after, complete);
  if (differences.length > 0 && (before.length === 0 || after.length === 0))
    return [oneSidedScripts(name, before, after)];
  return differences.map((difference) => element(name, {}, scriptElements(difference)));
}

function oneSidedScripts(
  name: string,
  before: readonly ScriptOutput[],
  after: readonly ScriptOutput[],
): string {
  const [side, scripts] = after.length === 0 ? (['a', before] as const) : (['b', after] as const);
  return element(side, {}, [element(name, {}, scripts.map(scriptElement))]);
}

function hostScripts({ before, after, scripts }: HostDifference): string[] {
  if (scripts.length > 0 && (before.scripts.length === 0 || after.scripts.length === 0))
    return [oneSidedScripts('hostscript', before.scripts, after.scripts)];
  return wrap('hostscript', scripts.flatMap(scriptElements));
}

/** A host's difference as `<hostdiff>`. */
export function hostXml(difference: HostDifference, complete: boolean): string {
  const { before, after } = difference;
  if (before.state !== null && after.state === null)
    return element('hostdiff', {}, [element('a', {}, [wholeHost(before)])]);
  if (before.state === null && after.state !== null)
    return element('hostdiff', {}, [element('b', {}, [wholeHost(after)])]);
  const parts = [
    ...stateElements(difference, complete),
    ...besides(before.addresses, after.addresses, addressElement, byAddress),
    ...wrap('hostnames', besides(before.names, after.names, nameElement, byText)),
    ...wrap('ports', [
      ...restElements(difference),
      ...difference.ports.map((port) => portElement(port)),
    ]),
    ...osElements(difference),
    ...hostScripts(difference),
  ];
  return element('hostdiff', {}, [element('host', {}, parts)]);
}

function wholeHost(host: HostListing): string {
  const ports = host.ports.filter(({ state }) => isShown(state, host)).map(wholePort);
  return element('host', {}, [
    stateElement(host),
    ...host.addresses.map(addressElement),
    ...wrap('hostnames', host.names.map(nameElement)),
    ...wrap('ports', [...restOf(host), ...ports]),
    ...wrap('os', host.os.map(osElement)),
    ...wrap('hostscript', host.scripts.map(scriptElement)),
  ]);
}

function stateElements(
  { before, after, stateChanged }: HostDifference,
  complete: boolean,
): string[] {
  if (stateChanged)
    return [element('a', {}, [stateElement(before)]), element('b', {}, [stateElement(after)])];
  return complete && after.state !== null ? [stateElement(after)] : [];
}

/** What both lists have, then what one alone has, each by itself as the DTD asks for it. */
function besides<Item>(
  before: readonly Item[],
  after: readonly Item[],
  write: (item: Item) => string,
  order: (one: Item, other: Item) => number,
): string[] {
  const has = (items: readonly Item[], item: Item) => items.some((one) => order(one, item) === 0);
  const sorted = (items: readonly Item[]) => [...items].sort(order);
  const only = (items: readonly Item[], others: readonly Item[]) =>
    sorted(items).filter((item) => !has(others, item));
  return [
    ...sorted(before)
      .filter((item) => has(after, item))
      .map(write),
    ...only(before, after).map((item) => element('a', {}, [write(item)])),
    ...only(after, before).map((item) => element('b', {}, [write(item)])),
  ];
}

function restElements({ before, after, restChanged }: HostDifference): string[] {
  if (!restChanged) return restOf(before);
  return [element('a', {}, restOf(before)), element('b', {}, restOf(after))];
}

function restOf({ rest }: HostListing): string[] {
  return [...rest].map(([state, count]) => element('extraports', { state, count: String(count) }));
}

function portElement({ before, after, scripts, changes }: PortDifference): string {
  if (changes === 0) return wholePort(before);
  if (before.state !== after.state)
    return element('portdiff', {}, [
      element('a', {}, [wholePort(before)]),
      element('b', {}, [wholePort(after)]),
    ]);
  const services = sameService(before.service, after.service)
    ? serviceElements(before.service)
    : [before, after].map(({ service }, side) =>
        element(side === 0 ? 'a' : 'b', {}, serviceElements(service)),
      );
  const parts = [...portState(before), ...services, ...scripts.flatMap(scriptElements)];
  return element('portdiff', {}, [element('port', portOf(before), parts)]);
}

function wholePort(port: ListedPort): string {
  return element('port', portOf(port), [
    ...portState(port),
    ...serviceElements(port.service),
    ...port.scripts.map(scriptElement),
  ]);
}

const portOf = ({ port, protocol }: ListedPort) => ({ portid: String(port), protocol });

function portState({ state }: ListedPort): string[] {
  return state === null ? [] : [element('state', { state })];
}

function serviceElements(service: ListedService): string[] {
  const said = serviceOf(service);
  return Object.values(said).some((text) => text !== undefined) ? [element('service', said)] : [];
}

function serviceOf({ name, product, version, extraInfo, tunnel }: ListedService) {
  return { name, product, version, extrainfo: extraInfo, tunnel };
}

function osElements({ before, after, os }: HostDifference): string[] {
  const parts = os.flatMap((edit) => {
    const was = before.os.slice(...edit.before).map(osElement);
    const is = after.os.slice(...edit.after).map(osElement);
    if (edit.kind === 'equal') return was;
    return [
      ...(was.length > 0 ? [element('a', {}, was)] : []),
      ...(is.length > 0 ? [element('b', {}, is)] : []),
    ];
  });
  return wrap('os', parts);
}

function scriptElements({ before, after }: ScriptDifference): string[] {
  if (before && after && before.output === after.output) return [scriptElement(before)];
  return [
    ...(before ? [element('a', {}, [scriptElement(before)])] : []),
    ...(after ? [element('b', {}, [scriptElement(after)])] : []),
  ];
}

const wrap = (name: string, parts: readonly string[]) =>
  parts.length > 0 ? [element(name, {}, parts)] : [];
const stateElement = ({ state }: HostListing) => element('status', { state });
const nameElement = (name: string) => element('hostname', { name });
const osElement = (name: string) => element('osmatch', { name });
const scriptElement = ({ id, output }: ScriptOutput) => element('script', { id, output });
const addressElement = ({ address, type }: ListedAddress) =>
  element('address', { addr: address, addrtype: type });
