import {
  compareSnapshots,
  type Look,
  learnBeliefs,
  type SnapshotComparison,
} from '@netdelta/core/compare/compare-snapshots.ts';
import type { Finding } from '@netdelta/core/evidence/finding.ts';
import type { HostBelief } from '@netdelta/core/host/belief.ts';
import { type ReadCommand, readCommand } from '@netdelta/core/profile/read-command.ts';
import type { HostObservation, Snapshot } from '@netdelta/core/snapshot/snapshot.ts';
import { parseAddress } from '@netdelta/core/target/address-range.ts';
import type { NmapFile } from './read-nmap-file.ts';

/**
 * Compares what two files saw. nmap without `-v` does not list hosts that did not answer: those
 * that its command line asked for certain count as silent, if it ended well. `findings`: what
 * became of the doubts of the later scan, when it asked again.
 */
export function compareFiles(
  before: NmapFile,
  after: NmapFile,
  findings?: readonly Finding[],
): SnapshotComparison {
  const earlier = toLook(before, after.run.snapshot);
  const later = toLook(after, before.run.snapshot);
  return compareSnapshots(earlier, findings ? { ...later, findings } : later);
}

/** What a file makes one believe, by address. */
export function learnFromFile(file: NmapFile): ReadonlyMap<string, HostBelief> {
  return learnBeliefs(toLook(file, { hosts: [], uncovered: [] }));
}

/** When a file's scan ended or, failing that, began: ISO 8601, or null when the file does not say. */
export function momentOf({ run: { end, start } }: NmapFile): string | null {
  const seconds = end ?? start;
  return seconds === null ? null : new Date(seconds * 1000).toISOString();
}

function toLook(file: NmapFile, other: Snapshot): Look {
  const { name, run } = file;
  const command = readCommand(run.args);
  const whole = run.scanner === 'nmap' && run.exit === 'success' && !run.truncated;
  const silent = whole ? listSilent(run.snapshot, command, other) : [];
  const hosts = sortByAddress([...run.snapshot.hosts, ...silent]);
  return {
    snapshot: { ...run.snapshot, hosts },
    way: command.way,
    now: { scanId: name, at: momentOf(file) ?? new Date(0).toISOString() },
  };
}

function listSilent(
  { hosts, uncovered }: Snapshot,
  { asked }: ReadCommand,
  other: Snapshot,
): HostObservation[] {
  const listed = new Set([...hosts, ...uncovered].map(({ address }) => address));
  return other.hosts
    .map(({ address }) => address)
    .filter((address) => !listed.has(address) && isAsked(asked, address))
    .map(buildSilent);
}

function isAsked(asked: ReadCommand['asked'], text: string): boolean {
  const address = parseAddress(text);
  if (!address) return false;
  const { family, value } = address;
  return asked.some(
    (range) => range.family === family && range.first <= value && value <= range.last,
  );
}

function buildSilent(address: string): HostObservation {
  return {
    address,
    status: 'silent',
    reason: 'no-response',
    names: [],
    endpoints: [],
    rest: [],
    covered: { tcp: [], udp: [] },
  };
}

function sortByAddress(hosts: readonly HostObservation[]): HostObservation[] {
  return hosts
    .map((host) => ({ host, key: parseAddress(host.address) ?? { family: 6, value: 0n } }))
    .sort((one, other) => one.key.family - other.key.family || compare(one.key, other.key))
    .map(({ host }) => host);
}

function compare(one: { value: bigint }, other: { value: bigint }): number {
  return one.value < other.value ? -1 : Number(one.value > other.value);
}
