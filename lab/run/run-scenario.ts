import { createLabNetwork, type LabNetwork } from '../network/lab-network.ts';
import type { CreateScanner, Scanner } from '../scanners/scanner.ts';
import { SCENARIOS, type ScenarioName } from '../scenarios/scenarios.ts';
import { type Round, type Score, scoreRounds } from '../score/score.ts';
import { listUp } from '../truth/truth.ts';
import { boundComparisons } from './bound-comparisons.ts';
import { BURSTS, type LabRequest, type PathName } from './parse-words.ts';

/** What one scanner did in one scenario at one loss. */
export interface Result {
  readonly scenario: ScenarioName;
  readonly path: PathName;
  readonly scanner: string;
  readonly score: Score;
  /** Of the compared scans: seconds and packets of each, sent and received by the scanner. */
  readonly seconds: readonly number[];
  readonly sent: readonly number[];
  readonly received: readonly number[];
  /** Packets that were sent to ask again, as a share (0–1) of those before. */
  readonly askedAgain: number | null;
  readonly flips: number;
  readonly note: string;
}

/** One scanner's way through a scenario. */
interface Run {
  readonly scanner: Scanner;
  readonly comparisons: number;
  readonly note: string;
  readonly rounds: Round[];
  readonly seconds: number[];
  readonly sent: number[];
  readonly received: number[];
  readonly bySweep: number[];
  flips: number;
}

export interface Surroundings {
  readonly scanners: Readonly<Record<string, CreateScanner>>;
  /** The name of a network whose near namespace this process is in. */
  readonly network?: string;
  readonly tell: (line: string) => void;
}

type Part = Pick<LabRequest, 'scans' | 'seed' | 'versions' | 'thorough'> & {
  readonly scenario: ScenarioName;
  readonly path: PathName;
  readonly scanners: readonly string[];
};

/** Makes a network, runs one scenario over it with all scanners in turn, and removes it. */
export async function runScenario(part: Part, surroundings: Surroundings): Promise<Result[]> {
  const { scenario: name, path, seed, versions } = part;
  const scenario = SCENARIOS[name];
  const comparisons = scenario.comparisons(part.scans);
  const network = await createLabNetwork({
    seed,
    leaves: scenario.leaves,
    ...(surroundings.network === undefined ? {} : { name: surroundings.network }),
  });
  const runs: Run[] = [];
  try {
    await setPath(network, path, seed);
    runs.push(...(await startRuns(network, { ...part, comparisons }, surroundings)));
    const steps = scenario.begin({ network, seed, comparisons, versions });
    for (let n = -1; n < Math.max(...runs.map((run) => run.comparisons)); n += 1) {
      const expected = n < 0 ? undefined : await steps(n);
      for (const run of runs) if (n < run.comparisons) await scanOnce(run, network, expected);
      surroundings.tell(`${name}, ${describePath(path)}: scan ${n + 2} of ${comparisons + 1}`);
    }
    return runs.map((run) => ({ scenario: name, path, ...conclude(run) }));
  } finally {
    await Promise.all(runs.map(({ scanner }) => scanner.close()));
    await network.close();
  }
}

async function setPath(network: LabNetwork, path: PathName, seed: number): Promise<void> {
  if (path === 'bursts') await network.setBurst({ ...BURSTS, seed });
  else await network.setLoss({ forward: path, back: path });
}

async function startRuns(
  network: LabNetwork,
  { scanners, path, comparisons, thorough, versions }: Part & { comparisons: number },
  surroundings: Surroundings,
): Promise<Run[]> {
  return Promise.all(
    scanners.map(async (name) => {
      const create = surroundings.scanners[name];
      if (!create) throw new Error(`no scanner has the name "${name}"`);
      const bound = boundComparisons(name, path, { wanted: comparisons, thorough });
      const measures = {
        ...{ rounds: [], seconds: [], sent: [], received: [], bySweep: [], flips: 0 },
      };
      // It then does not scan even once: one scan alone tells nothing.
      const left = bound.comparisons === 0 ? -1 : bound.comparisons;
      const scanner = await create(network, { versions });
      return { scanner, ...bound, comparisons: left, ...measures };
    }),
  );
}

/** `expected` is absent for the first scan, from which scanners learn. */
async function scanOnce(
  run: Run,
  network: LabNetwork,
  expected?: Round['expected'],
): Promise<void> {
  await network.readCounters({ reset: true });
  const { reported, seconds, flips = 0, sentBySweep } = await run.scanner.scan();
  const { sent, received } = await network.readCounters();
  if (!expected) return;
  run.rounds.push({ expected, reported, hosts: listUp(network.truth()).length });
  run.seconds.push(seconds);
  run.sent.push(sent);
  run.received.push(received);
  if (sentBySweep !== undefined) run.bySweep.push(sentBySweep);
  run.flips += flips;
}

function conclude({ scanner, rounds, seconds, sent, received, bySweep, flips, note }: Run) {
  return {
    askedAgain: bySweep.length > 0 ? sum(sent) / sum(bySweep) - 1 : null,
    scanner: scanner.name,
    score: scoreRounds(rounds),
    seconds,
    sent,
    received,
    flips,
    note,
  };
}

/** `5 % loss`, `bursts` */
export function describePath(path: PathName): string {
  return path === 'bursts' ? path : `${Math.round(path * 10_000) / 100} % loss`;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0);
}
