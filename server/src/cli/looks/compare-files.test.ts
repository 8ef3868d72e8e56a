import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Delta } from '@netdelta/core/delta/delta.ts';
import { describeService } from '@netdelta/core/delta/describe-service.ts';
import { buildProbes } from '@netdelta/core/evidence/build-doubt.ts';
import { type Doubt, listDoubts } from '@netdelta/core/evidence/doubt.ts';
import {
  decideFinding,
  decideReplaced,
  type Finding,
  LEAST_PROBES,
} from '@netdelta/core/evidence/finding.ts';
import type { HostBelief } from '@netdelta/core/host/belief.ts';
import { decideSight } from '@netdelta/core/host/decide-sight.ts';
import { readCommand } from '@netdelta/core/profile/read-command.ts';
import type { PortState } from '@netdelta/core/snapshot/snapshot.ts';
import { describe, expect, it } from 'vitest';
import { compareFiles, momentOf } from './compare-files.ts';
import { type NmapFile, readNmapFile } from './read-nmap-file.ts';

/** What a pair of files may tell and what not; texts are `kind subject`. */
interface Expected {
  readonly why: string;
  /** Whether the later file is said to lack something. */
  readonly warned: boolean;
  /** The files compared as `netdelta diff` does: one silence counts. */
  readonly files: Told;
  /** The other way round: the later file first. */
  readonly reversed: Told;
  /** The same files as scans of a group, by the rule `evidence`. */
  readonly scans: {
    /** What the second scan asks again, and what it tells where nobody could be asked. */
    readonly doubts: readonly string[];
    readonly told: readonly string[];
    /** What is believed then. */
    readonly believed: readonly string[];
    /** What a third scan tells that sees what the first one saw. */
    readonly toldBack: readonly string[];
    /** What the second scan tells when all that it doubts answers as before, and when none of it does. */
    readonly refuted: readonly string[];
    readonly confirmed: readonly string[];
  };
}

interface Told {
  readonly told: readonly string[];
  readonly held: readonly string[];
  readonly onlyBefore: readonly string[];
  readonly onlyAfter: readonly string[];
}

const CORPUS = new URL('./corpus/', import.meta.url);
const cases = readdirSync(CORPUS).map((name): [string, string, Expected] => {
  const expected = JSON.parse(readFileSync(new URL(`${name}/expected.json`, CORPUS), 'utf8'));
  return [name, expected.why, expected];
});

describe.each(cases)('%s: %s', (name, _why, expected) => {
  it('as two files', async () => {
    const [before, after] = await readPair(name);
    expect(after.warned).toBe(expected.warned);
    expect(compare(before, after)).toEqual(expected.files);
    expect(compare(after, before)).toEqual(expected.reversed);
    expect(compare(before, before).told).toEqual([]);
    expect(compare(after, after).told).toEqual([]);
  });

  it('as scans of a group', async () => {
    const [before, after] = await readPair(name);
    const { doubts, told, believed, toldBack } = expected.scans;
    const group = createGroup(before);
    expect(group.doubt(after).map(describeDoubt)).toEqual(doubts);
    expect(group.scan(after)).toEqual(told);
    expect(group.describeBeliefs()).toEqual(believed);
    expect(group.scan(before)).toEqual(toldBack);
  });

  it('as scans of a group that ask again', async () => {
    const [before, after] = await readPair(name);
    for (const outcome of ['refuted', 'confirmed'] as const) {
      const group = createGroup(before);
      const findings = group.doubt(after).flatMap((doubt) => askAgain(doubt, outcome));
      expect(group.scan(after, findings)).toEqual(expected.scans[outcome]);
    }
  });
});

type ReadFile = NmapFile & { readonly warned: boolean };

function readPair(name: string): Promise<[ReadFile, ReadFile]> {
  return Promise.all([read(`${name}/before.xml`), read(`${name}/after.xml`)]);
}

async function read(path: string): Promise<ReadFile> {
  const outcome = await readNmapFile(fileURLToPath(new URL(path, CORPUS)), noInput);
  if (!outcome.ok) throw new Error(outcome.problem);
  return { ...outcome.file, warned: outcome.warning !== undefined };
}

function noInput(): never {
  throw new Error('nothing is read from standard input here');
}

function compare(before: NmapFile, after: NmapFile): Told {
  const { deltas, ...limits } = compareFiles(before, after);
  return { told: deltas.map(identify), ...limits };
}

/** A group that learns from one file after the other what scans would teach it. */
function createGroup(first: NmapFile) {
  const beliefs = new Map<string, HostBelief>();
  let number = 0;
  const scan = (file: NmapFile, findings: readonly Finding[] = []) => {
    number += 1;
    const { verdicts, deltas } = decide(file, findings, { beliefs, number });
    for (const { decision } of verdicts) beliefs.set(decision.belief.address, decision.belief);
    return deltas.map(identify);
  };
  expect(scan(first)).toEqual([]);
  return {
    scan,
    doubt: ({ run }: NmapFile) =>
      run.snapshot.hosts.flatMap((seen) => listDoubts(beliefs.get(seen.address), seen)),
    describeBeliefs: () => [...beliefs.values()].flatMap(describeBelief),
  };
}

function decide(
  file: NmapFile,
  findings: readonly Finding[],
  { beliefs, number }: { beliefs: ReadonlyMap<string, HostBelief>; number: number },
) {
  const { snapshot, args } = file.run;
  const now = { scanId: String(number), at: momentOf(file) ?? '' };
  return decideSight({
    sight: { snapshot, findings, sentinels: [], path: 'clear', openDecoys: {} },
    frame: { way: readCommand(args).way, first: number === 1, now, number },
    beliefs,
    rulesOf: () => ({ downAfter: 'evidence', serviceDownAfter: 'evidence' }),
  });
}

/** Asks again: everything answers as it did before, or as the file says. */
function askAgain(doubt: Doubt, answers: 'refuted' | 'confirmed'): Finding[] {
  const { kind, believed } = doubt;
  const refuted = answers === 'refuted';
  if (kind === 'replaced') {
    const again = refuted ? believed : ({ method: 'probed', name: 'another' } as const);
    return [decideReplaced(doubt, { before: believed, again })];
  }
  const state = refuted ? 'open' : STATES[kind];
  const probes = buildProbes(...Array<PortState>(LEAST_PROBES).fill(state));
  const finding = decideFinding(doubt, probes, { loss: 0.05, over: true });
  return finding ? [finding] : [];
}

const STATES = {
  host: 'silent',
  silent: 'silent',
  refused: 'closed',
  blocked: 'filtered',
} as const;

function describeDoubt({ kind, address, endpoint }: Doubt): string {
  return [kind, address, endpoint].filter(Boolean).join(' ');
}

function describeBelief({ address, status, services }: HostBelief): string[] {
  const offered = services.map(({ protocol, port, service, silence }) =>
    [`${protocol}/${port}`, describeService(service), silence && '(silent)']
      .filter(Boolean)
      .join(' '),
  );
  return [`${address} ${status}`, ...offered.map((text) => `${address} ${text}`)];
}

function identify({ kind, subject }: Delta): string {
  return `${kind} ${Object.values(subject).join(' ')}`;
}
