import type { SnapshotComparison } from '@netdelta/core/compare/compare-snapshots.ts';
import type { Delta, HostSide, ServiceSide } from '@netdelta/core/delta/delta.ts';
import { describeDelta } from '@netdelta/core/delta/describe-delta.ts';
import { describeService } from '@netdelta/core/delta/describe-service.ts';
import type { HostObservation, Protocol } from '@netdelta/core/snapshot/snapshot.ts';
import { printable } from './printable.ts';

/** Names of the two sides, for remarks on what was not compared. */
export interface SideNames {
  readonly before: string;
  readonly after: string;
}

const MOST_NAMED = 10;

/** The changes as lines, host by host: `+` is there now and was not before, `-` the reverse. */
export function describeChanges(
  { deltas }: Pick<SnapshotComparison, 'deltas'>,
  hosts: readonly Pick<HostObservation, 'address' | 'names'>[],
): string[] {
  const names = new Map(hosts.map((host) => [host.address, host.names]));
  const byHost = Map.groupBy(deltas, ({ subject }) =>
    'address' in subject ? subject.address : '',
  );
  return [...byHost].flatMap(([address, own]) => [
    ...headingOf(address, own, names.get(address) ?? []),
    ...own.flatMap(describeSides),
    '',
  ]);
}

/** What the comparison cannot say, one line each; empty when it can say all. */
export function describeLimits(
  { held, onlyBefore, onlyAfter }: SnapshotComparison,
  { before, after }: SideNames,
): string[] {
  return [
    ...remark(held, 'silent, but asked in another way than before, so believed up'),
    ...remark(onlyBefore, `only in ${before}; not known to be asked in ${after}, so not compared`),
    ...remark(onlyAfter, `only in ${after}; not known to be asked in ${before}, so not compared`),
  ].map(printable);
}

function remark(addresses: readonly string[], what: string): string[] {
  if (addresses.length === 0) return [];
  const more = addresses.length - MOST_NAMED;
  const named = addresses.slice(0, MOST_NAMED).join(', ');
  return [`# ${named}${more > 0 ? ` and ${more} more` : ''}: ${what}`];
}

function headingOf(address: string, deltas: readonly Delta[], names: readonly string[]): string[] {
  const whole = deltas.some(({ kind }) => kind === 'host.new' || kind === 'host.down');
  return whole ? [] : [`  ${hostTitle(address, names)}`];
}

/** `10.0.0.5 (router.example)` */
export function hostTitle(address: string, names: readonly string[]): string {
  const others = names.filter((name) => name !== address);
  return printable(others.length > 0 ? `${address} (${others.join(', ')})` : address);
}

function describeSides(delta: Delta): string[] {
  switch (delta.kind) {
    case 'host.new':
    case 'host.returned':
      return hostLines('+', delta.subject.address, delta.after);
    case 'host.down':
      return hostLines('-', delta.subject.address, delta.before);
    case 'target.added':
    case 'target.removed':
      return [];
    case 'service.opened':
    case 'service.closed':
    case 'service.filtered':
    case 'service.changed':
      return [
        ...serviceLine('-', delta.subject, delta.before),
        ...serviceLine('+', delta.subject, delta.after),
      ];
    default:
      return [describeDelta(delta)];
  }
}

function hostLines(sign: string, address: string, side: HostSide | null): string[] {
  const services = side?.services ?? [];
  return [
    `${sign} ${hostTitle(address, side?.names ?? [])} is ${sign === '+' ? 'up' : 'down'}`,
    ...services.flatMap(({ service, ...endpoint }) =>
      serviceLine(sign, endpoint, { state: 'open', reason: '', ...(service && { service }) }),
    ),
  ];
}

function serviceLine(
  sign: string,
  { protocol, port }: { protocol: Protocol; port: number },
  side: ServiceSide | null,
): string[] {
  if (!side) return [];
  const detail = side.state === 'open' ? describeService(side.service) : `(${side.reason})`;
  return [`${sign}   ${endpointLine(`${protocol}/${port}`, side.state, detail)}`];
}

/** `tcp/22     open      ssh, OpenSSH 9.2p1` */
export function endpointLine(endpoint: string, state: string, detail: string): string {
  return printable(`${endpoint.padEnd(10)} ${state.padEnd(9)} ${detail}`.trimEnd());
}
